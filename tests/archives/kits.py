"""One archive of each kind, with a way to look into it that is not the connector's own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from connectors.archives import Archive, Deposit
from connectors.archives import folder as folder_connector
from connectors.archives import google_drive as drive_connector
from sandbox.google import SHARED_DRIVE_ID, SHARED_FOLDER_ID
from tests.archives.memory import Memory
from tests.fixtures.sandbox import Control, Sandbox

MONTH = ("Conventions", "2026", "12")


def deposit(
    content: bytes = b"%PDF-1.7 signed",
    *,
    key: str = "conv-1:signed",
    name: str = "Durand_2026-12-15_2026-0142.pdf",
    folders: tuple[str, ...] = MONTH,
) -> Deposit:
    return Deposit(key, folders, name, "application/pdf", content, hashlib.sha256(content).hexdigest())


class Kit(Protocol):
    def worker(self) -> Archive:
        """A connector of its own, as another worker process has; the memory is shared."""
        ...

    def tree(self) -> list[str]:
        """Every folder and file under the root as a path, folders ending in "/"; a twin shows twice."""
        ...


@dataclass
class FolderKit:
    root: Path
    memory: Memory = field(default_factory=Memory)

    def worker(self) -> folder_connector.Folder:
        return folder_connector.Folder(folder_connector.FolderConfig(root=self.root), self.memory.services())

    def tree(self) -> list[str]:
        return sorted(
            str(path.relative_to(self.root)) + ("/" if path.is_dir() else "") for path in self.root.rglob("*")
        )


@dataclass
class DriveKit:
    sandbox: Sandbox
    root_folder_id: str = SHARED_FOLDER_ID
    memory: Memory = field(default_factory=Memory)

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

    def files(self, *, trashed: bool = False) -> list[dict[str, Any]]:
        return [one for one in self.control.get("files") if not one["folder"] and one["trashed"] is trashed]

    def by_hand(self, name: str, **details: Any) -> str:
        made: str = self.control.post("files", {"name": name, **details})["id"]
        return made

    def change(self, file_id: str, **change: Any) -> None:
        self._patch(f"files/{file_id}", change)

    def settings(self, **settings: Any) -> None:
        self._patch("settings", settings)

    def _patch(self, path: str, content: dict[str, Any]) -> None:
        url = f"{self.control.url}/_control/{path}"
        self.sandbox.client.patch(url, json=content).raise_for_status()

    def _branch(self, parent: str, above: str) -> list[str]:
        paths = []
        for one in self.control.get("files"):
            if parent in one["parents"] and not one["trashed"]:
                path = above + one["name"] + ("/" if one["folder"] else "")
                paths += [path, *(self._branch(one["id"], path) if one["folder"] else ())]
        return paths
