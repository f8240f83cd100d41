"""What a button does, once: whoever clicks, however often, and whatever changed meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain.steps import StepKind
from store import steps
from store.models import Preview, Step
from tests.buttons.firm import HTML, MISSING, PAUL, Firm
from tests.fixtures.sandbox import Sandbox


@pytest.fixture
def any_firm(tmp_path: Path, sandbox: Sandbox, database_url: str) -> Iterator[Firm]:
    made = Firm(tmp_path, sandbox, DATABASE_URL=database_url)
    yield made
    made.close()


def press(client: FlaskClient, path: str, form: dict[str, str], **headers: str) -> tuple[int, str]:
    """The status, and where it leads."""
    answer = client.post(path, data=form, headers=HTML | {n.replace("_", "-"): v for n, v in headers.items()})
    return answer.status_code, answer.headers.get("Location", "")


def send(firm: Firm, client: FlaskClient) -> dict[str, str]:
    """The record is sent; the form that did it."""
    firm.later(1)
    path = firm.button("send")
    form = firm.opened(client, path)
    assert press(client, path, form)[0] == 303
    firm.work()
    assert firm.conventions()[0]["state"] == "sent"
    return form


def states(firm: Firm) -> list[str]:
    return [one["state"] for one in reversed(firm.conventions())]


def actors(firm: Firm, convention_id: str) -> dict[str, str]:
    """Action -> who, by the kind of their id."""
    journal = firm.client.get(f"/v1/conventions/{convention_id}/journal", headers=firm.authorised).get_json()
    assert journal["intact"]
    return {one["action"]: re.split("[_:]", one["actor"])[0] for one in journal["items"]}


def test_a_double_click_and_a_form_sent_again_send_once(any_firm: Firm) -> None:
    """Two requests at the same moment, from two windows of two people too; then again when all is done."""
    firm = any_firm
    path, people = firm.button("send"), [firm.signed_in(), firm.signed_in(PAUL)]
    forms = [firm.opened(client, path) for client in people]
    with ThreadPoolExecutor(6) as pool:
        clicks = [
            pool.submit(press, client, path, form) for client, form in zip(people * 3, forms * 3, strict=True)
        ]
    assert {click.result()[0] for click in clicks} == {303}
    assert len({click.result()[1] for click in clicks}) == 1
    firm.work()
    assert (states(firm), firm.sent()) == (["sent"], 1)
    assert {press(client, path, form) for client, form in zip(people, forms, strict=True)} == {
        clicks[0].result()
    }
    firm.work()
    assert (states(firm), firm.sent()) == (["sent"], 1)
    assert actors(firm, firm.conventions()[0]["id"])["received"] == "pe"


def test_what_is_already_with_its_signers_is_not_offered_again(firm: Firm) -> None:
    client = firm.signed_in()
    send(firm, client)
    page = client.get(firm.button("send"), headers=HTML).text
    assert "a déjà une convention en cours" in page
    assert 'name="version"' not in page
    assert "Claire Durand (client)" in page.replace("\u00a0", " ")


def test_a_form_from_before_a_cancellation_sends_nothing_and_a_new_page_does(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("cancel")
    before = send(firm, client)
    form = firm.opened(client, path)
    assert "version" not in form
    assert press(client, path, form) == press(client, path, form)
    firm.work()
    assert states(firm) == ["cancelled"]
    assert actors(firm, firm.conventions()[0]["id"])["cancel_asked"] == "pe"
    assert press(client, firm.button("send"), before)[0] == 303
    firm.work()
    assert (states(firm), firm.sent()) == (["cancelled"], 1)
    send(firm, client)
    assert (states(firm), firm.sent()) == (["cancelled", "sent"], 2)


def test_a_record_changed_since_its_page_was_shown_is_not_sent_until_it_is_shown_anew(firm: Firm) -> None:
    client, other, path = firm.signed_in(), firm.signed_in(PAUL), firm.button("send")
    form = firm.opened(client, path)
    stale = firm.opened(other, path)["version"]
    firm.change_record(Objet="Tout autre chose.")
    firm.later(1)
    assert press(client, path, form)[0] == 303
    firm.work()
    (convention,) = firm.conventions()
    assert (convention["state"], convention["problem"]["code"]) == ("failed", "record_changed_since")
    assert firm.sent() == 0
    retry = firm.button("retry")
    assert "ouvrez de nouveau le bouton d’envoi" in client.get(retry, headers=HTML).text
    basis = f"{convention['id']}:{firm.row(convention['id']).updated_at.isoformat()}"
    assert press(client, retry, firm.opened(client, retry) | {"convention": basis})[0] == 422
    firm.later(1)
    assert firm.opened(other, path)["version"] not in (form["version"], stale)
    assert press(client, path, firm.opened(client, path))[0] == 303
    firm.work()
    assert (states(firm), firm.sent()) == (["sent"], 1)


def test_amending_replaces_once_what_its_signers_have(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("amend")
    send(firm, client)
    firm.change_record(Objet="Tout autre chose.")
    form = firm.opened(client, path)
    assert press(client, path, form) == press(client, path, form)
    firm.work()
    assert (sorted(states(firm)), firm.sent()) == (["sent", "superseded"], 2)
    (old,) = [one["id"] for one in firm.conventions() if one["state"] == "superseded"]
    assert actors(firm, old)["amend_asked"] == "pe"
    assert press(client, path, form)[0] == 303
    firm.work()
    assert (sorted(states(firm)), firm.sent()) == (["sent", "superseded"], 2)


def test_what_stands_stays_when_the_record_is_no_longer_what_was_confirmed(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("amend")
    send(firm, client)
    firm.change_record(Objet="Tout autre chose.")
    form = firm.opened(client, path)
    firm.change_record(Objet="Encore autre chose.")
    assert press(client, path, form)[0] == 303
    firm.work()
    assert (sorted(states(firm)), firm.sent()) == (["failed", "sent"], 1)


def test_a_signature_that_comes_before_the_record_is_read_wins(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("amend")
    send(firm, client)
    firm.change_record(Objet="Tout autre chose.")
    assert press(client, path, firm.opened(client, path))[0] == 303
    provider = firm.sandbox.control("yousign")
    (request,) = provider.get("signature_requests")
    provider.post("sign", {"signature_request": request["id"], "signer": "all"})
    with firm.runtime.database.transaction() as tx:
        (sent,) = [one["id"] for one in firm.conventions() if one["state"] == "sent"]
        steps.ask_provider(tx, firm.now, sent)
    firm.work(StepKind.FOLLOW)
    firm.work(StepKind.COLLECT)
    firm.work()
    assert (sorted(states(firm)), firm.sent()) == (["archived", "failed"], 1)
    (failed,) = [one for one in firm.conventions() if one["state"] == "failed"]
    assert failed["problem"]["code"] == "already_signed"


def test_what_is_confirmed_anew_before_the_first_was_read_is_what_is_sent(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("amend")
    send(firm, client)
    firm.change_record(Objet="Tout autre chose.")
    assert press(client, path, firm.opened(client, path))[0] == 303
    firm.change_record(Objet="Encore autre chose.")
    firm.later(61)
    assert press(client, path, firm.opened(client, path))[0] == 303
    firm.work()
    assert (sorted(states(firm)), firm.sent()) == (["sent", "superseded"], 2)


def test_reminding_asks_the_provider_once(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("remind")
    send(firm, client)
    form = firm.opened(client, path)
    firm.later(3600)  # its hour between two invitations is over
    assert press(client, path, form) == press(client, path, form)
    convention_id = firm.conventions()[0]["id"]
    assert len(firm.steps(convention_id, StepKind.REMIND)) == 1
    assert actors(firm, convention_id)["reminder_asked"] == "pe"


def test_retrying_runs_again_what_gave_up_once(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("retry")
    convention_id = _failed(firm, client)
    form = firm.opened(client, path)
    assert press(client, path, form) == press(client, path, form)
    assert actors(firm, convention_id)["retried"] == "pe"
    firm.work()
    assert (states(firm), firm.sent()) == (["sent"], 1)
    page = client.get(path, headers=HTML).text
    assert "il n’y a rien à reprendre" in page


def _failed(firm: Firm, client: FlaskClient) -> str:
    """Its record was emptied, then mended."""
    path = firm.button("send")
    form = firm.opened(client, path)
    firm.sandbox.control("airtable").fault("error", "GET", status=404, body={"error": "NOT_FOUND"})
    press(client, path, form)
    firm.work()
    assert states(firm) == ["failed"]
    convention_id: str = firm.conventions()[0]["id"]
    return convention_id


def test_what_the_law_finds_missing_takes_the_button_away(firm: Firm) -> None:
    firm.missing = (MISSING,)
    client, path = firm.signed_in(), firm.button("send")
    assert "version" not in firm.opened(client, path)
    page = client.get(path, headers=HTML).text
    assert "Médiateur de la consommation (C. conso. L. 616-1)\u00a0: la clause manque." in page


def test_a_button_that_only_shows_does_nothing(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("preview")
    form = firm.opened(client, path)
    assert press(client, path, form)[0] == 422
    assert firm.conventions() == []


@pytest.mark.parametrize(
    ("headers", "changes"),
    [
        ({"Sec_Fetch_Site": "cross-site"}, {}),
        ({"Sec_Fetch_Site": "same-site"}, {}),
        ({"Origin": "https://elsewhere.example"}, {}),
        ({}, {"jeton": ""}),
        ({}, {"jeton": "InNzX290aGVyIg.AAAA"}),
        ({}, {"version": "0" * 63 + "g"}),
        ({}, {"convention": "cv_other:2026-01-01T00:00:00+00:00"}),
    ],
)
def test_a_form_that_is_not_of_that_very_page_does_nothing(
    firm: Firm, headers: dict[str, str], changes: dict[str, str]
) -> None:
    client, path = firm.signed_in(), firm.button("send")
    form = firm.opened(client, path)
    assert press(client, path, form | changes, **headers)[0] == 422
    others = firm.opened(firm.signed_in(PAUL), path)
    assert press(client, path, form | {"jeton": others["jeton"]})[0] == 422
    assert firm.conventions() == []


def test_scanners_and_prefetchers_cause_nothing(firm: Firm) -> None:
    """A scanner that has the cookie too: it opens every address that it finds, by every method but POST."""
    client, stranger = firm.signed_in(), firm.client
    path = firm.button("send")
    page = client.get(path, headers=HTML).text
    firm.work(StepKind.PREVIEW)
    page += client.get(path, headers=HTML).text
    firm.ask_link(stranger, path)
    mailed = firm.last_link()
    found = {one.replace("&amp;", "&") for one in re.findall(r'(?:href|src|action)="(/[^"]+)"', page)}
    assert any(one.endswith(".png?record=" + path.rpartition("=")[2]) for one in found)
    for address in (path, mailed, *found):
        for who in (client, stranger):
            for method in ("GET", "HEAD", "OPTIONS"):
                who.open(address, method=method, headers=HTML)
            ahead = who.get(address, headers=HTML | {"Sec-Purpose": "prefetch;prerender"})
            assert ahead.status_code in (405, 503) or "/buttons/" not in address
    firm.work()
    assert (firm.conventions(), firm.sent()) == ([], 0)
    assert stranger.post(mailed, headers=HTML).headers["Location"].endswith(path)
    assert client.get(path, headers=HTML).status_code == 200


def test_refreshing_makes_one_preview_at_a_time(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("send")

    def asked() -> list[int]:
        with firm.runtime.database.reading() as session:
            tables = (Preview, Step)
            return [session.scalar(select(func.count()).select_from(one)) or 0 for one in tables]

    nothing = asked()
    assert client.head(path).status_code == 200
    assert client.get(path, headers={"Sec-Purpose": "prefetch"}).status_code == 503
    assert asked() == nothing
    for _ in range(5):
        assert client.get(path, headers=HTML).headers["Refresh"] == "4"
    assert "Refresh" not in client.get(path + "&fixe=1", headers=HTML).headers
    assert asked() == [nothing[0] + 1, nothing[1] + 1]
    firm.work(StepKind.PREVIEW)
    reads = len(firm.sandbox.control("airtable").requests("GET"))
    for _ in range(3):
        assert "Refresh" not in client.get(path, headers=HTML).headers
    firm.work()
    firm.later(61)
    client.get(path, headers=HTML)
    with firm.runtime.database.transaction() as tx:
        assert len(steps.due(tx, firm.now, firm.now)) == 1
    assert len(firm.sandbox.control("airtable").requests("GET")) == reads


def test_the_document_is_for_who_is_signed_in_and_is_kept_by_nobody(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("preview")
    firm.opened(client, path)
    base, _, query = path.partition("?")
    pdf, png = client.get(f"{base}/apercu.pdf?{query}"), client.get(f"{base}/page-1.png?{query}")
    assert (pdf.data[:5], png.data[1:4]) == (b"%PDF-", b"PNG")
    for answer in (pdf, png, client.get(path, headers=HTML)):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert client.get(f"{base}/page-9.png?{query}", headers=HTML).status_code == 404
    for other in (firm.client, firm.signed_in(PAUL)):
        for name in ("apercu.pdf", "page-1.png"):
            answer = other.get(f"{base}/{name}?{query}", headers=HTML)
            assert (answer.status_code, answer.mimetype) != (200, "application/pdf")
            assert answer.mimetype == "text/html"
