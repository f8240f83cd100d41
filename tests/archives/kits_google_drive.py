"""The shared drive of Google's stand-in, and what befalls one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.archives import Deposit, Filed
from connectors.archives import google_drive as drive_connector
from sandbox.google import SHARED_DRIVE_ID, SHARED_FOLDER_ID
from tests.archives.kits import require_retried
from tests.archives.memory import Memory
from tests.fixtures.sandbox import Control, Sandbox

UPLOAD = "^/upload/"


@dataclass
class DriveKit:
    sandbox: Sandbox
    root_folder_id: str = SHARED_FOLDER_ID
    memory: Memory = field(default_factory=Memory)
    throttles = True
    ending = ""

    @property
    def control(self) -> Control:
        return self.sandbox.control("google")

    def config(self, **changes: Any) -> drive_connector.GoogleDriveConfig:
        values = {
            "service_account_json": json.dumps(self.control.get("service_account.json")),
            "root_folder_id": self.root_folder_id,
            "drive_id": SHARED_DRIVE_ID,
            "api_root": f"{self.sandbox.url}/google/",
        }
        return drive_connector.GoogleDriveConfig.model_validate(values | changes)

    def worker(self, **changes: Any) -> drive_connector.GoogleDrive:
        return drive_connector.GoogleDrive(self.config(**changes), self.memory.services())

    def tree(self) -> list[str]:
        return sorted(self._branch(self.root_folder_id, ""))

    def bytes_at(self, path: str) -> bytes:
        """The only file of that name."""
        (file_id,) = (one["id"] for one in self.files() if one["name"] == path.rsplit("/", 1)[-1])
        return self.sandbox.client.get(f"{self.control.url}/view/{file_id}/content").content

    def home(self, filed: Filed) -> str:
        (parents,) = (one["parents"] for one in self.files() if one["id"] == filed.ref)
        return ",".join(parents)

    def by_hand(self, folders: tuple[str, ...], name: str | None = None, content: bytes = b"") -> None:
        parent = self.root_folder_id
        for folder in folders:
            parent = self.added(folder, parent=parent)
        if name is not None:
            self.added(name, parent=parent, text=content.decode())

    def delete(self, filed: Filed) -> None:
        self.edit(filed.ref, deleted=True)

    def change(self, filed: Filed, content: bytes) -> None:
        self.edit(filed.ref, text=content.decode())

    def full(self) -> None:
        self._refuse_uploads(403, "storageQuotaExceeded")

    def forbid(self) -> None:
        self.settings(role="reader")

    def throttle(self, seconds: int) -> None:
        self._refuse_uploads(429, "rateLimitExceeded", {"Retry-After": str(seconds)})

    def recover(self) -> None:
        self.control.clear()
        self.settings(role="fileOrganizer")

    def cut_upload(self, one: Deposit) -> None:
        """The first chunk arrives, and the connection is gone each time before it is said so."""
        self.control.fault("cut_after", "PUT", UPLOAD, times=None)
        require_retried(self.worker(), one)
        assert self.files() == []
        self.recover()

    def lose_answer(self, one: Deposit) -> None:
        self.control.fault("cut_after", "PUT", UPLOAD, times=None)
        require_retried(self.worker(), one)
        assert len(self.files()) == 1
        self.recover()

    def files(self, *, trashed: bool = False) -> list[dict[str, Any]]:
        return [one for one in self.control.get("files") if not one["folder"] and one["trashed"] is trashed]

    def added(self, name: str, **details: Any) -> str:
        """The id of what a person adds under the root, or under ``parent``."""
        made: str = self.control.post("files", {"name": name, **details})["id"]
        return made

    def edit(self, file_id: str, **change: Any) -> None:
        self._patch(f"files/{file_id}", change)

    def settings(self, **settings: Any) -> None:
        self._patch("settings", settings)

    def _refuse_uploads(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        errors = [{"domain": "usageLimits", "reason": reason, "message": "Durand"}]
        body = {"error": {"code": status, "message": "Durand", "errors": errors}}
        self.control.fault("error", None, UPLOAD, status=status, body=body, headers=headers, times=None)

    def _patch(self, path: str, content: dict[str, Any]) -> None:
        self.control.patch(path, content)

    def _branch(self, parent: str, above: str) -> list[str]:
        paths = []
        for one in self.control.get("files"):
            if parent in one["parents"] and not one["trashed"]:
                path = above + one["name"] + ("/" if one["folder"] else "")
                paths += [path, *(self._branch(one["id"], path) if one["folder"] else ())]
        return paths


def make(_tmp_path: Path, sandbox: Sandbox) -> DriveKit:
    return DriveKit(sandbox)
