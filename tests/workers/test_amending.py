"""A convention changed before it is signed: one agreement at a time before its signers, and nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from domain.journal import broken_at
from domain.steps import StepKind
from sandbox.airtable import BASE_ID, TABLE_ID
from store import conventions, journal, steps
from tests.fixtures.sandbox import Control, Sandbox
from tests.pages.application import sample
from tests.workers.desk import Desk

CORRECTED = {"fields": {"client.telephone": "+33612345679"}}


@pytest.fixture
def provider(sandbox: Sandbox) -> Control:
    return sandbox.control("yousign")


def requests(provider: Control) -> dict[str, dict[str, Any]]:
    """What the provider holds, by our reference."""
    return {one["external_id"]: one for one in provider.get("signature_requests")}


def sign(provider: Control, reference: str, signer: str = "all") -> None:
    provider.post("sign", {"signature_request": requests(provider)[reference]["id"], "signer": signer})


def told(desk: Desk, convention_id: str) -> dict[str, dict[str, Any]]:
    """The journal, intact: action -> details."""
    with desk.runtime.database.reading() as session:
        entries = journal.entries(session, convention_id)
    assert broken_at(entries) is None
    return {entry.action: entry.details for entry in entries}


def amend(desk: Desk, convention_id: str, **more: Any) -> tuple[int, dict[str, Any]]:
    answer = desk.post(f"/{convention_id}/amend", more)
    return answer.status_code, answer.get_json()


def sent(desk: Desk, **more: Any) -> str:
    convention_id = desk.ask(**more)
    desk.work()
    assert desk.shown(convention_id)["state"] == "sent"
    return convention_id


def test_a_wrong_phone_is_corrected_by_a_new_version_and_the_old_link_is_dead(
    served: Desk, sandbox: Sandbox, provider: Control
) -> None:
    old = sent(served)
    old_link = served.shown(old)["signers"][0]["link"]
    status, shown = amend(served, old, **CORRECTED)
    assert status == 202, shown
    new = shown["id"]
    assert (status, shown["state"], shown["version"], shown["previous"]) == (202, "received", 2, old)
    served.work(StepKind.SEND, StepKind.FETCH, StepKind.RENDER)
    assert list(requests(provider)) == [old], "nothing leaves before the old request is ended"
    assert amend(served, old, **CORRECTED)[1] == shown | {"replayed": True}
    served.work()

    assert {ref: one["status"] for ref, one in requests(provider).items()} == {
        old: "canceled",
        new: "ongoing",
    }
    assert amend(served, old, **CORRECTED)[0] == 200
    assert amend(served, old, fields={"client.telephone": "+33612345680"})[1]["code"] == "already_replaced"
    served.work()
    assert list(requests(provider)) == [old, new]

    shown = served.shown(old)
    assert (shown["state"], shown["superseded_by"]) == ("superseded", new)
    assert served.events(old)[-1] == "convention.superseded"
    assert "convention.cancelled" not in served.events(old)
    event = served.client.get("/v1/events?type=convention.superseded", headers=served.authorised).get_json()[
        0
    ]
    assert event["data"]["superseded_by"] == new
    key = served.row(new).made_by
    with served.runtime.database.reading() as session:
        asked = next(e for e in journal.entries(session, old) if e.action == "amend_asked")
    assert (asked.actor, asked.details["next"]) == (f"key:{key}", new)
    assert told(served, old)["superseded"] == {
        "next": new,
        "reason": "Annulée et remplacée",
        "provider": "yousign",
        "provider_status": "cancelled",
    }
    assert told(served, new)["replaces"] == {"previous": old, "version": 2}

    assert sandbox.client.get(old_link).text.count("annul") >= 1
    signer = requests(provider)[old]["signers"][0]["id"]
    refused = provider.client.post(
        f"{provider.url}/_control/sign",
        json={"signature_request": requests(provider)[old]["id"], "signer": signer},
    )
    assert refused.status_code == 400
    sign(provider, new)
    client = requests(provider)[new]["signers"][0]["id"]
    codes = [m["to"] for m in provider.get("messages") if m["kind"] == "code" and m["signer_id"] == client]
    assert codes == ["+33612345679"]
    page = served.client.get(served.follow_path(old)).text
    assert served.follow_path(new) in page


def test_what_was_not_sent_is_replaced_at_once(served: Desk, provider: Control) -> None:
    old = served.ask(until="rendered")
    served.work()
    changes = {"fields": {"N° dossier": "D2026-0999"}, "signature": {"order": "parallel"}}
    draft = amend(served, old, **changes)[1]["id"]
    served.work()
    assert served.shown(draft)["state"] == "rendered", "a draft amended is a draft"
    old, changes = draft, {**changes, "fields": {"N° dossier": "D2026-1000"}}
    new = amend(served, old, **changes, until="sent")[1]["id"]
    assert served.shown(old)["superseded_by"] == new
    served.work()
    shown = served.shown(new)
    assert (shown["state"], shown["dossier"], shown["version"]) == ("sent", "D2026-1000", 3)
    assert [s["status"] for s in shown["signers"]] == ["notified", "notified"]
    assert list(requests(provider)) == [new]
    third = amend(served, new, template="conseil")
    assert third[0] == 202
    served.work(StepKind.CANCEL)
    assert [served.shown(one)["version"] for one in (old, new, third[1]["id"])] == [2, 3, 4]


def test_a_signature_that_comes_first_wins_and_nothing_of_the_new_version_leaves(
    served: Desk, provider: Control
) -> None:
    """The last signer signs after the wish and before the cancellation reaches the provider."""
    old = sent(served)
    sign(provider, old, requests(provider)[old]["signers"][0]["id"])
    new = amend(served, old, **CORRECTED)[1]["id"]
    sign(provider, old)
    served.work()
    assert served.shown(old)["state"] == "archived"
    shown = served.shown(new)
    assert (shown["state"], shown["problem"]["code"]) == ("cancelled", "already_signed")
    assert "c'est elle qui vaut" in shown["problem"]["detail"]
    assert list(requests(provider)) == [old]
    assert "superseded_by" not in served.shown(old)
    assert told(served, old)["amend_refused"]["next"] == new
    assert amend(served, old, fields={"N° dossier": "D1"})[1]["code"] == "already_replaced"
    assert amend(served, sent_and_signed(served, provider), **CORRECTED)[1]["code"] == "already_signed"


def sent_and_signed(desk: Desk, provider: Control) -> str:
    """All have signed, and the hub does not hold the file yet."""
    convention_id = sent(desk, source={"kind": "inline", "fields": {**sample(), "N° dossier": "D2026-0888"}})
    sign(provider, convention_id)
    provider.post("not_ready", {"seconds": 3600})
    with desk.runtime.database.transaction() as tx:
        steps.ask_provider(tx, desk.now, convention_id)
    desk.work()
    return convention_id


def test_the_provider_away_holds_the_new_version_back(served: Desk, provider: Control) -> None:
    """And the provider's own word of the cancellation may come before ours is recorded."""
    old = sent(served)
    provider.fault("cut_after", "POST", "/cancel$")
    provider.fault("error", "GET", "/signature_requests/", status=503, times=3)
    new = amend(served, old, **CORRECTED)[1]["id"]
    served.work()
    assert (served.shown(old)["state"], served.shown(new)["state"]) == ("sent", "received")
    page = served.client.get(served.follow_path(new)).text
    assert "La version précédente est en cours d’annulation" in page
    assert served.post(f"/{old}/cancel").get_json()["code"] == "being_replaced"
    provider.clear()
    with served.runtime.database.transaction() as tx:
        steps.ask_provider(tx, served.now, old)
    served.work(StepKind.FOLLOW)
    assert (served.shown(old)["state"], served.shown(old)["superseded_by"]) == ("superseded", new)
    served.later(7200)
    served.work()
    assert served.shown(new)["state"] == "sent"
    assert {one["status"] for one in requests(provider).values()} == {"canceled", "ongoing"}
    assert served.events(old).count("convention.superseded") == 1


def test_a_new_version_called_off_while_it_waits_leaves_no_agreement(served: Desk, provider: Control) -> None:
    old = sent(served)
    new = amend(served, old, **CORRECTED)[1]["id"]
    assert served.post(f"/{new}/cancel").get_json()["state"] == "cancelled"
    served.work()
    assert [one["status"] for one in requests(provider).values()] == ["canceled"]
    assert served.shown(old)["state"] == "superseded"


def test_what_cannot_be_amended_is_refused_before_anything_is_ended(served: Desk, provider: Control) -> None:
    old = sent(served)
    assert amend(served, old, fields={"client.email": "pas-une-adresse"})[1]["code"] == "record_invalid"
    assert amend(served, old, template="absent")[1]["errors"][0]["path"] == "template"
    assert amend(served, old, champ=1)[1]["errors"][0]["code"] == "extra_forbidden"
    refused = served.post("", {"source": {"kind": "inline", "fields": sample()}, "amend": True})
    assert refused.get_json()["errors"][0]["code"] == "record_in_call"
    assert requests(provider)[old]["status"] == "ongoing"
    provider.post("decline", {"signature_request": requests(provider)[old]["id"]})
    new = amend(served, old, **CORRECTED)[1]["id"]  # known to us only once we ask
    served.work()
    assert (served.shown(old)["state"], served.shown(new)["state"]) == ("declined", "sent")
    assert amend(served, served_end(served, new), fields={"N° dossier": "D1"})[1]["code"] == "state_forbids"


def served_end(desk: Desk, convention_id: str) -> str:
    desk.post(f"/{convention_id}/cancel")
    desk.work()
    return convention_id


class Table:
    """One record of the stand-in's Airtable, edited as a person would."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        content = {"base": BASE_ID, "table": TABLE_ID, "fields": sample()}
        self.record = sandbox.control("airtable").post("records", content)["id"]
        self.source = {"kind": "airtable", "base": BASE_ID, "table": TABLE_ID, "record": self.record}

    def edit(self, **cells: Any) -> None:
        self.sandbox.client.patch(
            f"{self.sandbox.url}/airtable/v0/{BASE_ID}/{TABLE_ID}/{self.record}",
            json={"fields": cells},
            headers={"Authorization": "Bearer patBacASable"},
        ).raise_for_status()

    def state(self) -> str:
        cells = self.sandbox.control("airtable").get(f"records/{BASE_ID}/{TABLE_ID}/{self.record}")
        return str(cells["Statut convention"])


def test_a_record_edited_and_asked_again_never_puts_two_agreements_before_its_signers(
    served: Desk, sandbox: Sandbox, provider: Control
) -> None:
    table = Table(sandbox)
    first = sent(served, source=table.source)
    served.ask(source=table.source)
    served.work()
    assert list(requests(provider)) == [first], "the same record unchanged is the same convention"

    table.edit(**{"N° dossier": "D2026-0999"})
    second = served.ask(source=table.source)
    served.work()
    shown = served.shown(second)
    assert (shown["state"], shown["problem"]["code"]) == ("failed", "amend_needed")
    assert list(requests(provider)) == [first]

    assert served.ask(source=table.source, amend=True) == second
    served.work()
    shown = served.shown(second)
    assert (shown["state"], shown["version"], shown["previous"]) == ("sent", 2, first)
    assert {ref: one["status"] for ref, one in requests(provider).items()} == {
        first: "canceled",
        second: "ongoing",
    }
    assert served.shown(first)["superseded_by"] == second
    assert table.state() == "Envoyée"

    table.edit(**{"N° dossier": "D2026-1000"})
    refused = amend(served, second, fields={"N° dossier": "D1"})[1]
    assert refused["errors"][0]["code"] == "record_kept_elsewhere"
    third = amend(served, second)[1]["id"]
    served.work()
    assert (served.shown(third)["dossier"], served.shown(third)["version"]) == ("D2026-1000", 3)
    sign(provider, third)
    with served.runtime.database.transaction() as tx:
        steps.ask_provider(tx, served.now, third)
    served.work()
    assert table.state() == "Archivée"


def test_a_draft_whose_record_was_edited_gives_way_without_being_asked(
    served: Desk, sandbox: Sandbox, provider: Control
) -> None:
    table = Table(sandbox)
    draft = served.ask(source=table.source, until="rendered")
    served.work()
    table.edit(**{"N° dossier": "D2026-0999"})
    second = served.ask(source=table.source)
    served.work()
    assert (served.shown(draft)["state"], served.shown(second)["state"]) == ("superseded", "sent")
    assert list(requests(provider)) == [second]
    with served.runtime.database.transaction() as tx:
        assert conventions.lock(tx, second).version == 2
