"""What happens in a firm's week, from the record to the archive: every kind of signers, every way it may end,
and a provider that is away, silent, slow, wrong or left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import app
from connectors.signature import REGISTRY
from settings import Settings
from store import steps
from tests.fixtures.sandbox import Control, Sandbox
from tests.pages.application import sample
from tests.workers.desk import Desk
from workers import clock
from workers.runtime import Runtime


@pytest.fixture
def served(tmp_path: Path, sandbox: Sandbox) -> Iterator[Desk]:
    """On one database: what these cases are about is the pipeline."""
    made = Desk(tmp_path, PARAPHE_SANDBOX_URL=sandbox.url)
    yield made
    made.close()


@pytest.fixture
def provider(sandbox: Sandbox) -> Control:
    return sandbox.control("yousign")


def ask(desk: Desk, name: str = "claire-durand", **more: Any) -> str:
    return desk.ask(source={"kind": "inline", "fields": sample(name)}, **more)


def request(provider: Control, reference: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in provider.get("signature_requests") if one["external_id"] == reference
    )
    return found


def act(provider: Control, what: str, reference: str, rank: int | None = None, **more: Any) -> None:
    at = request(provider, reference)
    who = {} if rank is None else {"signer": at["signers"][rank]["id"]}
    provider.post(what, {"signature_request": at["id"], **who, **more})


def called_back(desk: Desk, convention_id: str) -> None:
    """The callback came: the provider is asked."""
    with desk.runtime.database.transaction() as tx:
        steps.ask_provider(tx, desk.now, convention_id)
    desk.work()


def statuses(desk: Desk, convention_id: str) -> list[tuple[str, str]]:
    return [(one["role"], one["status"]) for one in desk.shown(convention_id)["signers"]]


def filed(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.folder / "archive").rglob("*") if path.is_file())


@pytest.mark.parametrize("order", ["sequential", "parallel"])
def test_client_co_contracting_party_and_lawyer(served: Desk, provider: Control, order: str) -> None:
    """In order, each is invited once the one before has signed; in parallel, in any order at all."""
    convention_id = ask(served, "epoux-payet", signature={"order": order})
    served.work()
    later = "waiting" if order == "sequential" else "notified"
    roles = ["client", "co_contractant", "avocat"]
    assert statuses(served, convention_id) == list(zip(roles, ["notified", later, later], strict=True))
    ranks = [0, 1, 2] if order == "sequential" else [2, 0, 1]
    for number, rank in enumerate(ranks, 1):
        assert served.shown(convention_id)["state"] != "archived"
        act(provider, "sign", convention_id, rank)
        called_back(served, convention_id)
        signed = [status for _, status in statuses(served, convention_id)].count("signed")
        assert signed == number
    assert served.shown(convention_id)["state"] == "archived"
    assert served.events(convention_id).count("convention.signer_signed") == 3
    assert len(filed(served)) == 3


def test_a_company_signs_by_its_representative(served: Desk, provider: Control) -> None:
    convention_id = ask(served, "librairie-des-lilas")
    served.work()
    assert request(provider, convention_id)["signers"][0]["name"] == "Éric de La Tour"
    assert statuses(served, convention_id)[0] == ("representant_legal", "notified")
    act(provider, "sign", convention_id)
    called_back(served, convention_id)
    assert served.shown(convention_id)["state"] == "archived"
    assert "Librairie" in filed(served)[0]


def test_an_ending_without_signature_is_kept_with_its_reason_and_frees_the_record(
    served: Desk, provider: Control
) -> None:
    reason = "Le montant n'est pas celui dont nous avions parlé."
    declined = ask(served)
    served.work()
    act(provider, "sign", declined, 0)
    act(provider, "decline", declined, 1, reason=reason)
    called_back(served, declined)
    shown = served.shown(declined)
    assert (shown["state"], statuses(served, declined)) == (
        "declined",
        [("client", "signed"), ("avocat", "declined")],
    )
    assert served.row(declined).decline_reason == reason
    events = served.client.get("/v1/events?limit=500", headers=served.authorised).text
    assert reason not in events
    expired = ask(served)
    assert expired != declined
    served.work()
    act(provider, "expire", expired)
    served.later(7200)
    clock.tick(served.runtime)  # nobody told us: the clock asks
    served.work()
    assert served.shown(expired)["state"] == "expired"
    assert ask(served) not in (declined, expired)
    assert filed(served) == []


def test_a_provider_out_for_an_hour_delays_everything_and_loses_nothing(
    served: Desk, provider: Control
) -> None:
    """Away at the sending, at the following and at the collecting, by 503 and by cut connections."""

    def hour_of(kind: str, **details: Any) -> None:
        provider.fault(kind, path="^/v3/", times=10_000, **details)
        for _ in range(7):
            served.work()
            clock.tick(served.runtime)
            served.later(600)
        provider.clear()
        served.later(3600)
        clock.tick(served.runtime)
        served.work()

    convention_id = ask(served)
    hour_of("error", status=503)
    assert served.shown(convention_id)["state"] == "sent"
    act(provider, "sign", convention_id)
    hour_of("cut_before")
    shown = served.shown(convention_id)
    assert (shown["state"], shown.get("problem")) == ("archived", None)
    assert [one["status"] for one in provider.get("signature_requests")] == ["done"]
    events = served.events(convention_id)
    for once in ("sent", "signed", "archived"):
        assert events.count(f"convention.{once}") == 1
    assert len(filed(served)) == 3


def test_a_callback_that_never_comes_and_a_file_that_is_not_ready(served: Desk, provider: Control) -> None:
    convention_id = ask(served)
    served.work()
    provider.post("not_ready", {"calls": 3})
    act(provider, "sign", convention_id)
    served.work()
    assert served.shown(convention_id)["state"] == "sent", "nobody said a word"
    served.later(served.runtime.settings.core.ask_after_seconds + 1)
    clock.tick(served.runtime)
    served.work()
    shown = served.shown(convention_id)
    assert (shown["state"], shown["retrying"][0]["step"]) == ("sent", "collect")
    assert "convention.signed" not in served.events(convention_id)
    for _ in range(4):
        served.later(600)
        served.work()
    assert served.shown(convention_id)["state"] == "archived"
    assert len(filed(served)) == 3


def test_what_is_not_ours_on_the_way_back_stops_the_convention_and_is_not_filed(
    served: Desk, provider: Control
) -> None:
    """Another's signed file, half a file, a proof that names a stranger or states another hash."""
    other = ask(served, "epoux-payet", archive=["folder"])
    convention_id = ask(served)
    served.work()
    for one in (other, convention_id):
        act(provider, "sign", one)
    called_back(served, other)
    before = filed(served)
    provider.post("spoiled", {"how": "truncated"})
    called_back(served, convention_id)
    assert served.shown(convention_id)["retrying"][0]["step"] == "collect"
    for how, code in (
        ("other_file", "signed_file_another_document"),
        ("other_signer", "proof_names_others"),
        ("other_document", "proof_of_another_document"),
    ):
        provider.post("spoiled", {"how": how})
        served.later(3600)
        served.post(f"/{convention_id}/retry")
        served.work()
        shown = served.shown(convention_id)
        assert (shown["state"], shown["problem"]["code"]) == ("failed", code)
        assert "rien n'a été classé" in shown["problem"]["detail"]
        assert [one["kind"] for one in shown["documents"]] == ["rendered"]
        assert filed(served) == before
    provider.post("spoiled", {"how": None})
    assert served.post(f"/{convention_id}/retry").status_code == 202
    served.work()
    assert served.shown(convention_id)["state"] == "archived"
    assert len(filed(served)) == len(before) + 3


def restarted(desk: Desk, provider_name: str, *, without: str = "") -> None:
    """The hub started again with other settings, on the same database."""
    settings = desk.runtime.settings
    core = settings.core.model_copy(update={"provider": provider_name})
    sections = {name: section for name, section in settings.sections.items() if name != without}
    desk.runtime.close()
    desk.runtime = Runtime(Settings(core, sections), now=lambda: desk.now)
    desk.flask = app.build(desk.runtime)


def test_a_convention_finishes_where_it_started_after_a_switch_of_provider(
    served: Desk, provider: Control
) -> None:
    """And when the former provider's settings are taken away too early, it says so and loses nothing."""
    kept = served.runtime.settings
    other = next((name for name in REGISTRY if name != "yousign"), "un-autre")
    convention_id = ask(served)
    served.work()
    act(provider, "sign", convention_id, 0)

    restarted(served, other, without="yousign")
    called_back(served, convention_id)
    shown = served.shown(convention_id)
    assert (shown["state"], shown["problem"]["code"]) == ("sent", "connector_not_set_up")
    assert "ajoutez ses réglages" in shown["problem"]["detail"]
    assert served.client.get(served.follow_path(convention_id)).status_code == 200
    callback = served.client.post("/v1/callbacks/yousign", data=b"{}")
    assert (callback.status_code, callback.get_json()["code"]) == (404, "provider_unknown")
    assert served.post(f"/{convention_id}/remind").status_code == 202
    refused = served.post(f"/{convention_id}/amend", {"fields": {"Ville": "Lyon"}}).get_json()
    assert refused["errors"][0]["path"] == "signature.provider"

    served.runtime.settings = kept
    restarted(served, other)
    offered = served.client.get("/v1/providers", headers=served.authorised).get_json()["items"]
    assert {one["name"]: one["default"] for one in offered}["yousign"] is False
    served.later(7200)
    clock.tick(served.runtime)
    act(provider, "sign", convention_id, 1)
    called_back(served, convention_id)
    shown = served.shown(convention_id)
    assert (shown["state"], shown["provider"]) == ("archived", "yousign")
