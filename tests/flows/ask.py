"""What callers send, and what is looked at afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sandbox.airtable import BASE_ID, RECORD_ID, TABLE_ID
from tests.fixtures.hub import Hub
from tests.fixtures.waiting import wait_for

ROOT = Path(__file__).parents[2]


def airtable_request(**more: Any) -> dict[str, Any]:
    return {
        "source": {"kind": "airtable", "base": BASE_ID, "table": TABLE_ID, "record": RECORD_ID},
        **more,
    }


def inline_request(**more: Any) -> dict[str, Any]:
    fields = json.loads((ROOT / "samples" / "claire-durand.json").read_text(encoding="utf-8"))
    return {"source": {"kind": "inline", "fields": fields}, **more}


def create(hub: Hub, body: dict[str, Any], **headers: str) -> str:
    answer = hub.post("/v1/conventions", body, **headers)
    assert answer.status_code in (200, 201, 202), answer.text
    convention_id: str = answer.json()["id"]
    return convention_id


def sign_all(hub: Hub) -> None:
    """Every signer of every request signs, as in a browser."""
    control = hub.sandbox.control("yousign")
    for request in requests_at_provider(hub):
        control.post("sign", {"signature_request": request["id"], "signer": "all"})


def requests_at_provider(hub: Hub) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hub.sandbox.control("yousign").get("signature_requests")
    return found


def activated(hub: Hub, convention_id: str) -> list[dict[str, Any]]:
    """The requests that signers were invited to, for this convention."""
    return [
        request
        for request in requests_at_provider(hub)
        if request["external_id"] == convention_id and request["status"] != "draft"
    ]


def row_state(hub: Hub) -> str | None:
    record = hub.sandbox.control("airtable").get(f"records/{BASE_ID}/{TABLE_ID}/{RECORD_ID}")
    state: str | None = record.get("Statut convention")
    return state


def assert_archived_once(hub: Hub, convention_id: str) -> dict[str, Any]:
    """One live request at the provider, one signed file with its proof in the archive, one event."""
    shown = hub.until(convention_id, "archived")
    assert len(activated(hub, convention_id)) == 1
    files = sorted(path.name for path in hub.archive.rglob("*") if path.is_file())
    assert [name for name in files if name.endswith(".json")] != []
    assert len(files) == 3, files
    events = [e["type"] for e in hub.get("/v1/events").json() if e["data"]["id"] == convention_id]
    for kind in ("rendered", "sent", "signed", "archived"):
        assert events.count(f"convention.{kind}") == 1, events
    journal = hub.get(f"/v1/conventions/{convention_id}/journal").json()
    assert journal["intact"]
    return shown


def wait_for_row(hub: Hub, state: str) -> None:
    wait_for(lambda: row_state(hub) == state, 30, f"the Airtable row says {state}")
