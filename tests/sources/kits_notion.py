"""One data source of the stand-in's Notion, and the hands of a person in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from connectors import Services
from connectors.sources.notion import Notion, NotionConfig, NotionPlace, NotionRef
from sandbox.notion import TOKEN
from sandbox.notion.sample import WRITE_BACK_TYPES
from tests.fixtures.sandbox import Control, Sandbox
from tests.fixtures.services import services

DATA_SOURCE = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


class NotionKit:
    outside = True
    written_back = True
    place: BaseModel | None = NotionPlace(data_source=DATA_SOURCE)
    strangers: Sequence[str] = (
        "",
        "bac0a5ab1e00400080000c1a12ed0a5",
        "bac0a5ab-1e00-4000-8000-00c1a12ed0a5\n",
        "bac0a5ab-1e00-4000-8000-00c1a12ed0ag",
        "bac0a5ab1e00-4000-8000-00c1a12ed0a5/properties/title",
        "../users/me",
        "%2e%2e/users/me",
        "https://www.notion.so/bac0a5ab1e004000800000c1a12ed0a5",
        "１２３４５６７８-1e00-4000-8000-00c1a12ed0a5",
        "<script>alert(1)</script>",
    )

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    @property
    def control(self) -> Control:
        return self.sandbox.control("notion")

    def source(self, lent: Services | None = None, **changes: Any) -> Notion:
        values = {"token": TOKEN, "url": f"{self.sandbox.url}/notion"}
        return Notion(NotionConfig.model_validate(values | changes), lent or services())

    def holding(self, fields: Mapping[str, Any], **details: Any) -> NotionRef:
        """``details``: data_source, types, options, in_trash of the seed. Texts stand in several runs."""
        order = {"data_source": DATA_SOURCE, "properties": dict(fields), **details}
        return NotionRef(page=self.control.post("pages", order)["id"], data_source=order["data_source"])

    def edited(self, ref: NotionRef, column: str, value: str) -> NotionRef:
        self.edit(ref, properties={column: value})
        return ref

    def spellings(self, ref: NotionRef) -> Sequence[NotionRef]:
        bare = ref.page.replace("-", "")
        return [
            ref,
            NotionRef(page=bare),
            NotionRef(page=bare.upper(), data_source=DATA_SOURCE.upper()),
            NotionRef(page=ref.page.upper(), data_source=DATA_SOURCE.replace("-", "")),
        ]

    def written(self, ref: NotionRef) -> Mapping[str, str]:
        return {name: value for name, value in self.seen(ref).items() if name in WRITE_BACK_TYPES}

    def writes(self) -> int:
        return len(self.control.requests("PATCH"))

    def fault(self, kind: str, **details: Any) -> None:
        self.control.fault(kind, "GET", "/v1/pages/", **details)

    def seen(self, ref: NotionRef) -> dict[str, Any]:
        seen: dict[str, Any] = self.control.get(f"pages/{ref.page}")
        return seen

    def edit(self, ref: NotionRef, **order: Any) -> None:
        self.control.patch(f"pages/{ref.page}", order)

    def settings(self, **settings: Any) -> None:
        self.control.patch("settings", settings)
