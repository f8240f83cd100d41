"""One bucket through boto3: the five calls the hub makes, with bounds, and their errors.

* The checksum is computed here and sent as a header with ``ChecksumAlgorithm``: boto3's own ends the body
  with a trailer over https, which some compatible stores are said to refuse (UNCONFIRMED of each), and a
  bucket with a default lock refuses a PUT without one.
* ``If-None-Match: *`` is documented by OVHcloud and Scaleway (2026); of Outscale it is UNCONFIRMED. A store
  that answers 501 is written to without it.
* boto3 repeats nothing by itself: whoever called decides, as everywhere here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from pydantic import SecretStr

from connectors.archives import s3_errors as errors

CONNECT_SECONDS, READ_SECONDS = 5, 30
#: nothing the hub files is as large; more is somebody's mistake
LARGEST_BYTES = 512 * 1024 * 1024
_ABSENT = {"NoSuchKey", "NoSuchVersion"}
#: another write of the same key came first, or is under way
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}
_NO_LOCK = {"ObjectLockConfigurationNotFoundError", "NotImplemented"}


@dataclass(frozen=True)
class Stored:
    """``content`` is None when it was not read: its size says already that it is something else."""

    content: bytes | None
    version: str


@dataclass(frozen=True)
class Lock:
    """What the bucket does to a new object of itself: ``mode`` None is nothing."""

    enabled: bool
    mode: str | None = None
    period: str = ""


@dataclass(frozen=True)
class Address:
    endpoint_url: str
    region: str
    bucket: str
    access_key_id: str
    secret_access_key: SecretStr


@lru_cache(maxsize=8)
def _client(address: Address) -> Any:
    """Kept: one takes long to make, and serves several threads. Its session is its own: boto3's default one
    does not."""
    session = boto3.session.Session(
        aws_access_key_id=address.access_key_id,
        aws_secret_access_key=address.secret_access_key.get_secret_value(),
    )
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 1, "mode": "standard"},
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        proxies={},
    )
    return session.client("s3", endpoint_url=address.endpoint_url, region_name=address.region, config=config)


class Objects:
    def __init__(self, address: Address) -> None:
        self._address = address
        self._conditional = True

    @property
    def _client(self) -> Any:
        return _client(self._address)

    def get(self, key: str, version: str = "", largest: int = LARGEST_BYTES) -> Stored | None:
        """What stands under ``key``, None when nothing does. What is larger than ``largest`` is not read."""
        wanted = {"Bucket": self._address.bucket, "Key": key, **({"VersionId": version} if version else {})}

        def read() -> Stored:
            answer = self._client.get_object(**wanted)
            with closing(answer["Body"]) as body:
                content = body.read() if answer["ContentLength"] <= largest else None
            return Stored(content, str(answer.get("VersionId") or ""))

        return _answered(read, _ABSENT)

    def put_new(
        self, key: str, content: bytes, lock: Mapping[str, Any], about: Mapping[str, str]
    ) -> str | None:
        """The version written ("" where there are none); None when something stands there already, or is
        being written there. ``about`` is ASCII."""
        sent = {
            "Bucket": self._address.bucket,
            "Key": key,
            "Body": content,
            "ContentType": "application/octet-stream",
            "Metadata": about,
            "ChecksumAlgorithm": "SHA256",
            "ChecksumSHA256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
            **lock,
        }

        def put() -> str:
            condition = {"IfNoneMatch": "*"} if self._conditional else {}
            try:
                answer = self._client.put_object(**sent, **condition)
            except ClientError as refused:
                if not condition or _status(refused) != 501:
                    raise
                self._conditional = False
                answer = self._client.put_object(**sent)
            return str(answer.get("VersionId") or "")

        return _answered(put, _TAKEN)

    def lock(self) -> Lock:
        def ask() -> Any:
            return self._client.get_object_lock_configuration(Bucket=self._address.bucket)

        answer = _answered(ask, _NO_LOCK) or {}
        configuration = answer.get("ObjectLockConfiguration", {})
        default = configuration.get("Rule", {}).get("DefaultRetention", {})
        days, years = default.get("Days"), default.get("Years")
        period = f"{days} jours" if days else f"{years} ans" if years else ""
        return Lock(configuration.get("ObjectLockEnabled") == "Enabled", default.get("Mode"), period)

    def begin_and_give_up(self, key: str, lock: Mapping[str, Any]) -> None:
        """Takes the rights of a PUT and makes no object: an unfinished upload without a part is nothing
        that a lock could keep."""
        where = {"Bucket": self._address.bucket, "Key": key}

        def begin() -> str:
            return str(self._client.create_multipart_upload(**where, **lock)["UploadId"])

        upload = _answered(begin)
        _answered(lambda: self._client.abort_multipart_upload(**where, UploadId=upload))


T = TypeVar("T")


def _answered(call: Callable[[], T], nothing: Collection[str] = ()) -> T | None:
    """``call``'s answer, None for the codes that mean there is ``nothing``; a domain error otherwise."""
    try:
        return call()
    except ClientError as answer:
        code = str(answer.response.get("Error", {}).get("Code", ""))
        if code in nothing:
            return None
        headers = answer.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        raise errors.refusal(code, _status(answer), str(headers.get("retry-after", ""))) from None
    except ParamValidationError:
        raise errors.unsendable() from None
    except BotoCoreError:
        raise errors.unreachable() from None


def _status(answer: ClientError) -> int:
    return int(answer.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
