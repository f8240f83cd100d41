"""A bucket with object lock of the S3 stand-in, looked at with boto3 under the firm's own key."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from connectors import Services
from connectors.archives import Deposit, Filed
from connectors.archives.s3 import S3, S3Config
from sandbox.s3 import ADMIN_KEY_ID, KEY_ID, LOCKED_BUCKET, REGION, RIGHTS, SECRET
from tests.archives.kits import require_retried
from tests.archives.memory import Memory
from tests.fixtures.sandbox import Control, Sandbox


@cache
def admin(url: str) -> Any:
    """boto3 with the firm's own key, which may do all."""
    config = Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required")
    session = boto3.session.Session(ADMIN_KEY_ID, SECRET)
    return session.client("s3", endpoint_url=url, region_name=REGION, config=config)


@dataclass
class S3Kit:
    sandbox: Sandbox
    bucket: str = LOCKED_BUCKET
    memory: Memory = field(default_factory=Memory)
    throttles = True
    ending = ".sealed"

    @property
    def control(self) -> Control:
        return self.sandbox.control("s3")

    @property
    def an_object(self) -> str:
        return f"^/{self.bucket}/."

    @property
    def admin(self) -> Any:
        return admin(self.control.url)

    def worker(self, services: Services | None = None, **changes: Any) -> S3:
        values = {
            "endpoint_url": self.control.url,
            "region": REGION,
            "bucket": self.bucket,
            "access_key_id": KEY_ID,
            "secret_access_key": SECRET,
            "retain_days": 1,
        }
        return S3(S3Config.model_validate(values | changes), services or self.memory.services())

    def versions(self) -> list[dict[str, Any]]:
        """Every version of every object, without the marks of deletion."""
        found: list[dict[str, Any]] = self.admin.list_object_versions(Bucket=self.bucket).get("Versions", [])
        return found

    def tree(self) -> list[str]:
        """An object store has no folders: they are those that the keys name."""
        paths = set()
        for one in self.admin.list_objects_v2(Bucket=self.bucket).get("Contents", []):
            *folders, name = one["Key"].split("/")
            paths |= {"/".join(folders[: n + 1]) + "/" for n in range(len(folders))}
            paths.add("/".join((*folders, name.removesuffix(self.ending))))
        return sorted(paths)

    def bytes_at(self, path: str) -> bytes:
        content: bytes = self.admin.get_object(Bucket=self.bucket, Key=path + self.ending)["Body"].read()
        return content

    def home(self, filed: Filed) -> str:
        return filed.path.rsplit("/", 1)[0]

    def by_hand(self, folders: tuple[str, ...], name: str | None = None, content: bytes = b"") -> None:
        if name is not None:
            self.admin.put_object(Bucket=self.bucket, Key="/".join((*folders, name)), Body=content)

    def delete(self, filed: Filed) -> None:
        """With object lock, what anybody may do is to mark it as deleted."""
        self.admin.delete_object(Bucket=self.bucket, Key=filed.path[1:])

    def change(self, filed: Filed, content: bytes) -> None:
        self.admin.put_object(Bucket=self.bucket, Key=filed.path[1:], Body=content)

    def full(self) -> None:
        self._refuse_puts(403, "QuotaExceeded")

    def forbid(self) -> None:
        self.settings(rights=[right for right in RIGHTS if not right.startswith("Put")])

    def throttle(self, seconds: int) -> None:
        self._refuse_puts(503, "SlowDown", {"Retry-After": str(seconds)})

    def recover(self) -> None:
        self.control.clear()
        self.settings(rights=RIGHTS)

    def cut_upload(self, one: Deposit) -> None:
        """The connection goes once the body is read, before anything is kept."""
        self.control.fault("cut_before", "PUT", self.an_object, times=None)
        require_retried(self.worker(), one)
        assert self.versions() == []
        self.recover()

    def lose_answer(self, one: Deposit) -> None:
        self.control.fault("cut_after", "PUT", self.an_object, times=None)
        require_retried(self.worker(), one)
        assert len(self.versions()) == 1
        self.recover()

    def settings(self, **settings: Any) -> None:
        self.control.patch("settings", settings)

    def _refuse_puts(self, status: int, code: str, headers: dict[str, str] | None = None) -> None:
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>Durand</Message></Error>"
        self.control.fault(
            "error", "PUT", self.an_object, status=status, body=body, headers=headers, times=None
        )


def make(_tmp_path: Path, sandbox: Sandbox) -> S3Kit:
    return S3Kit(sandbox)
