"""A library of the stand-in's site, and what befalls one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from connectors.archives import Deposit, Filed
from connectors.archives.sharepoint import SharePoint, SharePointConfig
from sandbox import microsoft_graph
from tests.archives.kits import require_retried
from tests.archives.memory import Memory
from tests.fixtures.sandbox import Control, Sandbox

CONTENT = ":/content$"
UPLOAD = "^/upload/"
BY_NAME = r"/items/[^/]*:/[^:]*\.pdf$"


@dataclass
class SharePointKit:
    sandbox: Sandbox
    memory: Memory = field(default_factory=Memory)
    throttles = True
    ending = ""

    @property
    def control(self) -> Control:
        return self.sandbox.control("microsoft_graph")

    def worker(self, **changes: Any) -> SharePoint:
        values = {
            "tenant": microsoft_graph.TENANT,
            "client_id": microsoft_graph.CLIENT_ID,
            "client_secret": microsoft_graph.CLIENT_SECRET,
            "site_url": microsoft_graph.SITE_URL,
            "login_url": self.control.url,
            "graph_url": f"{self.control.url}/v1.0",
        }
        return SharePoint(SharePointConfig.model_validate(values | changes), self.memory.services())

    def tree(self) -> list[str]:
        return sorted(self.items())

    def items(self) -> dict[str, dict[str, Any]]:
        """What stands in the default library, by path; a folder's ends in "/"."""
        items = {one["id"]: one for one in self.control.get("items") if not one["binned"]}

        def path(item: dict[str, Any]) -> str | None:
            if item["id"] == microsoft_graph.ROOT_ID:
                return ""
            above = path(items[item["parent"]]) if item["parent"] in items else None
            return None if above is None else above + item["name"] + ("/" if item["folder"] else "")

        return {found: one for one in items.values() if (found := path(one))}

    def bytes_at(self, path: str) -> bytes:
        item_id = self.items()[path]["id"]
        return self.sandbox.client.get(f"{self.control.url}/view/{item_id}/content").content

    def home(self, filed: Filed) -> str:
        (parent,) = (one["parent"] for one in self.items().values() if one["id"] == item_id(filed))
        return str(parent)

    def by_hand(self, folders: tuple[str, ...], name: str | None = None, content: bytes = b"") -> None:
        parent = microsoft_graph.ROOT_ID
        for folder in folders:
            parent = self.added(folder, parent=parent)
        if name is not None:
            self.added(name, parent=parent, text=content.decode())

    def delete(self, filed: Filed) -> None:
        self.edit(item_id(filed), binned=True)

    def change(self, filed: Filed, content: bytes) -> None:
        self.edit(item_id(filed), text=content.decode())

    def full(self) -> None:
        self.settings(quota_bytes=10_000)

    def forbid(self) -> None:
        self.settings(role="read")

    def throttle(self, seconds: int) -> None:
        self.settings(throttled=1_000, retry_after_seconds=seconds)

    def recover(self) -> None:
        self.control.clear()
        self.settings(**asdict(microsoft_graph.Settings()))

    def cut_upload(self, one: Deposit) -> None:
        """The first range arrives, and the connection is cut in each of the following."""
        self.control.fault("delay", "PUT", UPLOAD, seconds=0)
        self.control.fault("cut_before", "PUT", UPLOAD, times=None)
        require_retried(self.worker(), one)
        self.recover()

    def lose_answer(self, one: Deposit) -> None:
        """Its answer is lost, and so is that to the question whether it arrived."""
        self.control.fault("cut_after", "PUT", CONTENT, times=None)
        self.control.fault("delay", "GET", BY_NAME, seconds=0)  # the look before
        self.control.fault("cut_before", "GET", BY_NAME, times=None)
        require_retried(self.worker(), one)
        assert [path for path in self.tree() if not path.endswith("/")] != []
        self.recover()

    def added(self, name: str, **details: Any) -> str:
        """The id of what a person adds at the library's root, or under ``parent``."""
        made: str = self.control.post("items", {"name": name, **details})["id"]
        return made

    def edit(self, item_id: str, **change: Any) -> None:
        self._patch(f"items/{item_id}", change)

    def settings(self, **settings: Any) -> None:
        self._patch("settings", settings)

    def _patch(self, path: str, content: dict[str, Any]) -> None:
        self.control.patch(path, content)


def item_id(filed: Filed) -> str:
    return filed.ref.partition("/")[2]


def make(_tmp_path: Path, sandbox: Sandbox) -> SharePointKit:
    return SharePointKit(sandbox)
