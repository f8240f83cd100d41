"""What is particular to S3: sealed copies, locks, versions, rights, and the refusals of a store."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pydantic import ValidationError

from connectors import Services
from connectors.archives.sealing import unsealed
from domain.errors import NotFound, ParapheError, Permanent, Retryable
from sandbox.s3 import LOCKED_BUCKET, PLAIN_BUCKET, RIGHTS
from store.cipher import KeyRing
from tests.archives.kits import deposit
from tests.archives.kits_s3 import S3Kit
from tests.fixtures.sandbox import Sandbox

NAME = "Conventions/2026/12/Durand_2026-12-15_2026-0142.pdf"
KEY = f"{NAME}.sealed"


@pytest.fixture
def s3(sandbox: Sandbox) -> S3Kit:
    return S3Kit(sandbox)


def refusal(kit: S3Kit, **changes: Any) -> ParapheError:
    with pytest.raises(ParapheError) as caught:
        kit.worker(**changes).file(deposit())
    assert "Durand" not in f"{caught.value} {caught.value.detail}"
    return caught.value


def findings(kit: S3Kit, **changes: Any) -> list[tuple[bool, str]]:
    return [(finding.ok, finding.text) for finding in kit.worker(**changes).check()]


def test_what_leaves_is_sealed_locked_checked_and_names_nobody(s3: S3Kit) -> None:
    filed = s3.worker(retain_days=3650).file(deposit())
    (version,) = s3.versions()
    assert (version["Key"], filed.ref) == (KEY, f"{KEY}?versionId={version['VersionId']}")
    kept = s3.admin.get_object(Bucket=s3.bucket, Key=KEY, ChecksumMode="ENABLED")
    content = kept["Body"].read()
    assert b"signed" not in content
    assert (
        unsealed(content, s3.memory.services()) == deposit().content
    )  # the operator's way, without a database
    assert kept["Metadata"] == {"sha256": deposit().sha256}
    assert kept["ChecksumSHA256"]
    assert kept["ContentType"] == "application/octet-stream"
    assert kept["ObjectLockMode"] == "COMPLIANCE"
    expected = datetime.now(UTC) + timedelta(days=3650)
    assert abs(kept["ObjectLockRetainUntilDate"] - expected) < timedelta(minutes=5)


def test_a_locked_copy_is_read_by_its_version_whatever_is_put_or_marked_above_it(s3: S3Kit) -> None:
    filed = s3.worker().file(deposit())
    s3.change(filed, b"theirs")
    s3.delete(filed)
    assert s3.worker().read(filed.ref) == deposit().content
    (ours,) = (one for one in s3.versions() if one["VersionId"] in filed.ref)
    with pytest.raises(ClientError):
        s3.admin.delete_object(Bucket=s3.bucket, Key=KEY, VersionId=ours["VersionId"])


def test_the_default_of_the_bucket_stands_where_nothing_is_asked(s3: S3Kit) -> None:
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}
    s3.admin.put_object_lock_configuration(
        Bucket=s3.bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    s3.worker(retain_days=None).file(deposit())
    assert s3.admin.head_object(Bucket=s3.bucket, Key=KEY)["ObjectLockMode"] == "GOVERNANCE"
    assert findings(s3, retain_days=None)[1] == (
        True,
        "Chaque copie y est verrouillée 30 jours (GOVERNANCE).",
    )


def test_a_bucket_without_lock_or_versions_keeps_the_same_promises(sandbox: Sandbox) -> None:
    s3 = S3Kit(sandbox, bucket=PLAIN_BUCKET)
    filed = s3.worker(retain_days=30).file(deposit())
    assert filed.ref == KEY
    assert "ObjectLockMode" not in s3.admin.head_object(Bucket=s3.bucket, Key=KEY)
    s3.change(filed, b"theirs")
    again = s3.worker().file(deposit())
    assert s3.worker().read(again.ref) == deposit().content
    with pytest.raises(Permanent) as caught:
        s3.worker().read(filed.ref)
    assert caught.value.code == "archive_unreadable"
    s3.delete(again)
    with pytest.raises(NotFound):
        s3.worker().read(again.ref)


@pytest.mark.parametrize("writes", ["ignored", "refused"])
def test_a_store_without_conditional_writes_shares_no_key(sandbox: Sandbox, writes: str) -> None:
    """Names are claimed: what is written at once is either the same bytes or elsewhere."""
    s3 = S3Kit(sandbox, bucket=PLAIN_BUCKET)
    s3.settings(conditional_writes=writes)
    s3.by_hand(("Conventions", "2026", "12"), KEY.rsplit("/", 1)[1], b"theirs")
    deposits = [deposit(b"%d" % n, key=f"c{n}") for n in range(4)] * 2
    with ThreadPoolExecutor(8) as pool:
        filed = list(pool.map(lambda one: s3.worker().file(one), deposits))
    assert [s3.worker().read(one.ref) for one in filed] == [one.content for one in deposits]
    assert len(s3.versions()) == 5
    assert s3.bytes_at(NAME) == b"theirs"


def test_a_file_put_there_after_the_hub_looked_is_not_written_over(sandbox: Sandbox) -> None:
    s3 = S3Kit(sandbox, bucket=PLAIN_BUCKET)
    s3.by_hand(("Conventions", "2026", "12"), KEY.rsplit("/", 1)[1], b"theirs")
    absent = "<Error><Code>NoSuchKey</Code></Error>"
    s3.control.fault("error", "GET", s3.an_object, status=404, body=absent)
    assert s3.worker().file(deposit()).path.endswith("_2.pdf.sealed")
    assert s3.bytes_at(NAME) == b"theirs"


def test_a_prefix_is_a_folder_of_the_bucket(s3: S3Kit) -> None:
    filed = s3.worker(prefix="/archives du cabinet/é/").file(deposit())
    assert filed.path == f"/archives du cabinet/é/{KEY}"
    assert s3.worker().read(filed.ref) == deposit().content


def test_a_copy_outlives_a_change_of_keys_as_long_as_its_key_is_in_the_ring(s3: S3Kit) -> None:
    def services(ring: KeyRing) -> Services:
        return replace(s3.memory.services(), seal=ring.seal, unseal=ring.open)

    old, new = bytes([1]) * 32, bytes([2]) * 32
    filed = s3.worker(services(KeyRing({"k1": old}))).file(deposit())
    assert s3.worker(services(KeyRing({"k2": new, "k1": old}))).read(filed.ref) == deposit().content
    without = s3.worker(services(KeyRing({"k2": new})))
    with pytest.raises(Permanent) as caught:
        without.read(filed.ref)
    assert caught.value.code == "archive_unreadable"
    assert "PARAPHE_ENCRYPTION_KEYS" in caught.value.detail
    again = without.file(deposit())  # the old one is left alone, and one that opens stands beside it
    assert again.path.endswith("_2.pdf.sealed")
    assert without.read(again.ref) == deposit().content


def test_a_copy_that_does_not_read_back_is_not_called_filed(s3: S3Kit) -> None:
    spoiling = replace(s3.memory.services(), seal=lambda _content, _place: b"spoiled")
    with pytest.raises(Retryable) as caught:
        s3.worker(spoiling).file(deposit())
    assert caught.value.code == "s3_damaged"
    assert s3.worker().read(s3.worker().file(deposit()).ref) == deposit().content


def test_a_huge_file_under_our_name_is_not_even_read(s3: S3Kit) -> None:
    s3.by_hand(("Conventions", "2026", "12"), KEY.rsplit("/", 1)[1], bytes(5_000_000))
    assert s3.worker().file(deposit()).path.endswith("_2.pdf.sealed")


REFUSALS = {
    (503, "SlowDown"): (Retryable, "s3_busy"),
    (429, "TooManyRequests"): (Retryable, "s3_busy"),
    (500, "InternalError"): (Retryable, "s3_unreachable"),
    (400, "RequestTimeout"): (Retryable, "s3_unreachable"),
    (403, "AccessDenied"): (Permanent, "s3_forbidden"),
    (403, "InvalidAccessKeyId"): (Permanent, "s3_unauthorised"),
    (403, "SignatureDoesNotMatch"): (Permanent, "s3_unauthorised"),
    (403, "RequestTimeTooSkewed"): (Permanent, "s3_clock"),
    (404, "NoSuchBucket"): (Permanent, "s3_bucket_missing"),
    (301, "PermanentRedirect"): (Permanent, "s3_region"),
    (403, "QuotaExceeded"): (Permanent, "s3_quota"),
    (507, "XMinioStorageFull"): (Permanent, "s3_quota"),
    (400, "KeyTooLongError"): (Permanent, "s3_refused"),
}


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_every_refusal_says_what_to_do(s3: S3Kit, method: str) -> None:
    for (status, code), expected in REFUSALS.items():
        s3.control.clear()
        body = f"<Error><Code>{code}</Code><Message>Durand</Message></Error>"
        s3.control.fault("error", method, s3.an_object, status=status, body=body, times=None)
        refused = refusal(s3)
        assert (type(refused), refused.code) == expected, code
    assert s3.versions() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"access_key_id": "SCWINCONNUE"}, "s3_unauthorised"),
        ({"region": "nl-ams"}, "s3_region"),
        ({"bucket": "un-autre"}, "s3_bucket_missing"),
        ({"endpoint_url": "http://127.0.0.1:9"}, "s3_unreachable"),
    ],
)
def test_wrong_settings_are_told_by_the_doctor_and_at_filing(
    s3: S3Kit, changes: dict[str, str], code: str
) -> None:
    refused = refusal(s3, **changes)
    assert refused.code == code
    assert findings(s3, **changes) == [(False, refused.detail)]


@pytest.mark.parametrize(
    ("method", "kinds"),
    [("GET", ("truncate", "cut_before", "cut_after")), ("PUT", ("cut_before", "cut_after"))],
)
def test_an_answer_cut_short_is_asked_for_again_and_makes_no_twin(
    s3: S3Kit, method: str, kinds: tuple[str, ...]
) -> None:
    s3.worker().file(deposit(b"before", key="c0", name="before.pdf"))
    for kind in kinds:
        s3.control.fault(kind, method, s3.an_object + ".*Durand", times=None)
        assert isinstance(refusal(s3), Retryable)
        s3.control.clear()
    s3.worker().file(deposit())
    assert [one["Key"] for one in s3.versions()] == [KEY, "Conventions/2026/12/before.pdf.sealed"]


def test_the_doctor_proves_each_right_and_leaves_nothing(s3: S3Kit) -> None:
    ok, told = findings(s3)[0]
    assert ok
    assert all(f"s3:{right}" in told for right in RIGHTS)
    assert "Uploads" not in s3.admin.list_multipart_uploads(Bucket=s3.bucket)
    unproven = {"GetObjectVersion"}  # there is no version to ask for before the first copy
    for right in set(RIGHTS) - unproven:
        s3.settings(rights=[one for one in RIGHTS if one != right])
        ((ok, told),) = findings(s3)
        assert not ok, right
        assert f"s3:{right}" in told
    assert s3.versions() == []


@pytest.mark.parametrize(
    ("bucket", "days", "ok", "words"),
    [
        (LOCKED_BUCKET, 3650, True, "3650 jours (COMPLIANCE)"),
        (LOCKED_BUCKET, None, False, "donnez PARAPHE_S3_RETAIN_DAYS"),
        (LOCKED_BUCKET, 0, True, "PARAPHE_S3_RETAIN_DAYS=0"),
        (PLAIN_BUCKET, None, True, "n'a pas de verrou"),
        (PLAIN_BUCKET, 3650, False, "créez-en un autre"),
    ],
)
def test_the_doctor_tells_what_locks_the_copies(
    sandbox: Sandbox, bucket: str, days: int | None, ok: bool, words: str
) -> None:
    found = findings(S3Kit(sandbox, bucket=bucket), retain_days=days)
    assert (found[0][0], found[1][0]) == (True, ok)
    assert words in found[1][1]


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint_url": "s3.fr-par.scw.cloud"},
        {"endpoint_url": "https://user:secret@s3.fr-par.scw.cloud"},
        {"bucket": "Majuscules"},
        {"bucket": "a/b"},
        {"prefix": "../ailleurs"},
        {"prefix": "a//b"},
        {"retain_days": -1},
    ],
)
def test_settings_that_lead_nowhere_stop_the_start_without_being_shown(
    s3: S3Kit, change: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as caught:
        s3.worker(**change)
    assert "secret" not in json.dumps(caught.value.errors(include_input=False, include_context=False))
