"""A preview, from the call to the worker and back: the agreement as it would be, and no trace of it."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from documents.pdf import inspect
from domain.naming import PARIS
from store.models import Convention, EventRow, JournalRow, Preview, Step
from tests.fixtures.databases import on_postgresql
from tests.fixtures.hub import Hub
from tests.flows.ask import airtable_request, inline_request

pytestmark = on_postgresql

TABLES = (Convention, EventRow, JournalRow, Preview, Step)


def rows(hub: Hub) -> dict[str, int]:
    with hub.runtime() as runtime, runtime.database.reading() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in TABLES
        }


def test_a_preview_tells_all_and_leaves_nothing(hub: Hub) -> None:
    hub.environ["PARAPHE_LEASE_SECONDS"] = "60"  # an office that starts on a busy machine is not cut short
    hub.environ["PARAPHE_ARCHIVE_PATTERN"] = "/Dossiers/{annee}-{mois}/{client}/{dossier}_{date}.pdf"
    hub.start("web", "worker")
    days = [datetime.now(PARIS).date()]
    answer = hub.post("/v1/previews", inline_request())
    days.append(datetime.now(PARIS).date())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    pdf = base64.b64decode(told["document"]["content"])
    assert "DURAND" in inspect(pdf).text
    assert (told["document"]["size"], told["document"]["sha256"]) == (
        len(pdf),
        hashlib.sha256(pdf).hexdigest(),
    )
    assert told["mentions"]["blocking"] == []
    assert told["mentions"]["checked"] > 10
    assert {"level", "reason", "rule", "chosen", "lowered"} <= set(told["advice"])
    assert "wait_for_withdrawal" in [one["code"] for one in told["warnings"]]
    assert told["archive_path"] in {f"/Dossiers/{day:%Y-%m}/Durand/D2026-0417_{day}.pdf" for day in days}
    assert [(one["key"], one["role"]) for one in told["signers"]] == [("s1", "client"), ("s2", "avocat")]
    assert len(told["version"]) == 64

    alone = hub.post("/v1/previews", inline_request(), Accept="application/pdf")
    assert (alone.status_code, alone.headers["Content-Type"]) == (200, "application/pdf")
    assert inspect(alone.content).text == inspect(pdf).text

    from_airtable = hub.post("/v1/previews", airtable_request())
    assert from_airtable.status_code == 200, from_airtable.text
    assert hub.sandbox.control("airtable").requests("PATCH") == []
    assert rows(hub) == dict.fromkeys((table.__tablename__ for table in TABLES), 0)


def test_what_stops_a_preview_is_its_answer_and_is_forgotten_too(hub: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "modeles"
    folder.mkdir()
    (folder / "abime.docx").write_bytes(b"not a Word file")
    hub.environ["PARAPHE_TEMPLATES_DIR"] = str(folder)
    hub.start("web", "worker")
    refused = hub.post("/v1/previews", inline_request(template="abime"))
    assert (refused.status_code, refused.json()["code"]) == (422, "template_refused")
    assert rows(hub) == dict.fromkeys((table.__tablename__ for table in TABLES), 0)
