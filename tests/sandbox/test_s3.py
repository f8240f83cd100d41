"""The S3 stand-in refuses what a store refuses, and the sandbox does without it where moto is missing."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from botocore.exceptions import ClientError
from werkzeug.test import Client

from sandbox.__main__ import build
from sandbox.s3 import LOCKED_BUCKET, PLAIN_BUCKET
from tests.archives.kits_s3 import admin
from tests.fixtures.sandbox import Sandbox


@pytest.fixture
def store(sandbox: Sandbox) -> Any:
    return admin(f"{sandbox.url}/s3")


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


def test_a_key_serves_once_under_a_condition_and_a_locked_version_stays(store: Any) -> None:
    put = {"Bucket": LOCKED_BUCKET, "Key": "é/x y+z.pdf", "Body": b"x"}
    lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": "2099-01-01T00:00:00Z"}
    version = store.put_object(**put, **lock, IfNoneMatch="*", ChecksumAlgorithm="SHA256")["VersionId"]
    assert refused(store.put_object, **put, IfNoneMatch="*") == "PreconditionFailed"
    named = {"Bucket": LOCKED_BUCKET, "Key": "é/x y+z.pdf"}
    assert refused(store.delete_object, **named, VersionId=version) == "AccessDenied"
    store.delete_object(**named)
    assert refused(store.get_object, **named) == "NoSuchKey"
    assert store.get_object(**named, VersionId=version)["Body"].read() == b"x"


def test_a_bucket_without_lock_says_so_and_takes_none(store: Any) -> None:
    code = refused(store.get_object_lock_configuration, Bucket=PLAIN_BUCKET)
    assert code == "ObjectLockConfigurationNotFoundError"
    lock = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": "2099-01-01T00:00:00Z"}
    put = {"Bucket": PLAIN_BUCKET, "Key": "x", "Body": b"x"}
    assert refused(store.put_object, **put, **lock, ChecksumAlgorithm="SHA256") == "InvalidRequest"


def test_a_reset_leaves_two_empty_buckets(sandbox: Sandbox, store: Any) -> None:
    store.put_object(Bucket=PLAIN_BUCKET, Key="x", Body=b"x")
    sandbox.control("s3").reset()
    assert [one["Name"] for one in store.list_buckets()["Buckets"]] == [PLAIN_BUCKET, LOCKED_BUCKET]
    assert "Contents" not in store.list_objects_v2(Bucket=PLAIN_BUCKET)


def test_who_names_no_key_is_refused(sandbox: Sandbox) -> None:
    answer = sandbox.client.get(f"{sandbox.url}/s3/{PLAIN_BUCKET}/x")
    assert (answer.status_code, "AccessDenied" in answer.text) == (403, True)


def test_without_moto_the_sandbox_stands_and_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where only the hub's own requirements are installed (bin/demo)."""
    monkeypatch.setitem(sys.modules, "moto", None)
    told = Client(build("http://127.0.0.1:8090", None, 1.0)).get("/").json
    assert told is not None
    assert told["missing"] == {"s3": "moto"}
    assert "s3" not in told["stand_ins"]
    assert "yousign" in told["stand_ins"]
