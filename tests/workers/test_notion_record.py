"""A page of Notion on its way through the hub: read, sent once however it is named, told where it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.notion import PAGE_ID, TOKEN
from tests.fixtures.sandbox import Sandbox
from tests.workers.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, sandbox: Sandbox) -> Iterator[Desk]:
    url = f"{sandbox.url}/notion"
    desk = Desk(tmp_path, PARAPHE_SANDBOX_URL=sandbox.url, PARAPHE_NOTION_URL=url, PARAPHE_NOTION_TOKEN=TOKEN)
    yield desk
    desk.runtime.close()


def page(page: str, **more: Any) -> dict[str, Any]:
    return {"kind": "notion", "page": page, **more}


def test_a_page_is_sent_once_however_it_is_named_and_says_where_it_is(desk: Desk, sandbox: Sandbox) -> None:
    convention_id = desk.ask(source=page(PAGE_ID))
    desk.work()
    assert desk.shown(convention_id)["dossier"] == "2026-0142"
    assert desk.shown(convention_id)["state"] == "sent"
    seen = sandbox.control("notion").get(f"pages/{PAGE_ID}")
    assert seen["Statut convention"] == "Envoyée"
    assert seen["Lien de signature"]
    again = desk.post("", {"source": page(PAGE_ID.replace("-", "").upper()), "archive": ["folder"]})
    desk.work()
    sent = sandbox.control("yousign").requests("POST", "/v3/signature_requests")
    assert len(sent) == 1
    assert desk.shown(again.get_json()["id"])["state"] in ("sent", "superseded")


def test_what_is_no_page_is_refused_at_the_call(desk: Desk) -> None:
    answer = desk.post("", {"source": page("../users/me")})
    assert answer.status_code == 422
    assert "users/me" not in answer.text
