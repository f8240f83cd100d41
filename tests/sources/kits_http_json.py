"""The stand-in's CRM. The address that takes what became of an agreement cannot be asked what it holds, and
is told as often as the hub has to say it: what is written back is proved in ``test_http_json.py``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from connectors import Services
from connectors.sources.http_json import HttpJson, HttpJsonPlace, HttpJsonRef
from connectors.sources.http_json_config import HttpJsonConfig
from sandbox.crm import KEY
from tests.fixtures.sandbox import Control, Sandbox
from tests.fixtures.services import services
from tests.unit.samples import NAMES, fields

#: every column that the suites write, each at a place of its own
COLUMNS = {
    *(column for name in NAMES for column in fields(name)),
    *("Nom", "Prénom", "Montant HT", "Urgent", "Objet", "Suivi"),
    *("Sensible", "Contentieux probable", "Montant en jeu", "Intitulé"),
}


class HttpJsonKit:
    outside = True
    written_back = False
    place: BaseModel | None = HttpJsonPlace()
    strangers: Sequence[str] = (
        *("", ".", "..", "a/b", "a%2Fb", "a?b", "a#b", "a\n", "é", "x" * 101),
        *("{record}", "<script>", "a@b", "a b", "//evil.example"),
    )

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    @property
    def control(self) -> Control:
        return self.sandbox.control("crm")

    def config(self, **changes: Any) -> HttpJsonConfig:
        values = {
            "url": f"{self.sandbox.url}/crm/dossiers/{{record}}",
            "record_path": "/data",
            "list_url": f"{self.sandbox.url}/crm/dossiers",
            "records_path": "/items",
            "next_path": "/next",
            "write_back_url": f"{self.sandbox.url}/crm/dossiers/{{record}}/convention",
            "headers": json.dumps({"X-Api-Key": KEY}),
            "mapping": json.dumps({column: f"/fiche/{pointed(column)}" for column in COLUMNS}),
        }
        return HttpJsonConfig.model_validate(values | changes)

    def source(self, lent: Services | None = None, **changes: Any) -> HttpJson:
        return HttpJson(self.config(**changes), lent or services())

    def holding(self, fields: Mapping[str, Any]) -> HttpJsonRef:
        return HttpJsonRef(record=self.control.post("records", {"fiche": dict(fields)})["id"])

    def edited(self, ref: HttpJsonRef, column: str, value: str) -> HttpJsonRef:
        standing = self.kept(ref)
        standing["fiche"][column] = value
        self.control.post("records", standing)
        return ref

    def spellings(self, ref: HttpJsonRef) -> Sequence[HttpJsonRef]:
        return [ref, HttpJsonRef.model_validate_json(ref.model_dump_json())]

    def written(self, ref: HttpJsonRef) -> Mapping[str, str]:
        return {}

    def writes(self) -> int:
        return len(self.control.requests("POST"))

    def fault(self, kind: str, **details: Any) -> None:
        self.control.fault(kind, "GET", "/dossiers/", **details)

    def kept(self, ref: HttpJsonRef) -> dict[str, Any]:
        kept: dict[str, Any] = self.control.get(f"records/{ref.record}")
        return kept


def pointed(name: str) -> str:
    """A name within a JSON Pointer."""
    return name.replace("~", "~0").replace("/", "~1")
