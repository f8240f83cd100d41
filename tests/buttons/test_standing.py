"""Which of a record's conventions a button is about, and what its page then says and offers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from domain.errors import Refused
from domain.lifecycle import Move
from domain.steps import StepKind
from handlers.following import in_french
from sandbox.airtable import BASE_ID, RECORD_ID, TABLE_ID
from store import conventions
from store.steps import Claimed
from tests.buttons.firm import HTML, Firm
from tests.buttons.test_pressing import press, send, states
from tests.workers.desk import failing
from workers.runtime import Runtime

OURS: dict[str, Any] = {
    "source": {"kind": "airtable", "base": BASE_ID, "table": TABLE_ID, "record": RECORD_ID}
}
MENDED = {"Objet": "Tout autre chose."}


def read(client: FlaskClient, path: str) -> str:
    """What the page says, in words."""
    text = client.get(path, headers=HTML).text.replace("\u00a0", " ")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def signed(firm: Firm) -> None:
    """Everybody has signed what is with its signers."""
    with firm.runtime.database.transaction() as tx:
        (sent,) = [one for one in firm.conventions() if one["state"] == "sent"]
        row = conventions.lock(tx, sent["id"])
        row.signed_at = firm.now
        conventions.move(tx, firm.now, row, Move.SIGNED, "hub")


def seen(firm: Firm, state: str) -> str:
    """What a form carries of the convention in that state."""
    (one,) = [one["id"] for one in firm.conventions() if one["state"] == state]
    return f"{one}:{firm.row(one).updated_at.isoformat()}"


def test_what_failed_beside_a_signed_convention_does_not_hide_it(firm: Firm) -> None:
    """The record was changed and asked for again while its agreement was with its signers."""
    client = firm.signed_in()
    send(firm, client)
    firm.change_record(**MENDED)
    firm.later(1)
    firm.post("", OURS)
    firm.work()
    assert states(firm) == ["sent", "failed"]
    signed(firm)
    firm.later(61)
    forged = {"convention": seen(firm, "signed"), "version": "0" * 64}
    for action in ("send", "amend", "retry"):
        path = firm.button(action)
        form = firm.opened(client, path)
        assert "version" not in form
        page = read(client, path)
        assert "Convention du dossier 2026-0142 : Signée" in page
        assert press(client, path, form | forged)[0] == 422
    assert "a déjà une convention signée" in read(client, firm.button("send"))
    firm.work(StepKind.FETCH, StepKind.RENDER, StepKind.SEND)
    assert (states(firm), firm.sent()) == (["signed", "failed"], 1)
    path = firm.button("cancel")  # what failed may still be put away
    assert press(client, path, firm.opened(client, path))[0] == 303
    assert states(firm) == ["signed", "cancelled"]


@pytest.mark.parametrize("action", [StepKind.CANCEL, StepKind.REMIND])
def test_what_was_refused_twice_in_the_same_words_can_be_asked_again(firm: Firm, action: StepKind) -> None:
    client, path = firm.signed_in(), firm.button(action.value)
    send(firm, client)
    real, tries = firm.table[action], 0

    def refused(_runtime: Runtime, _claimed: Claimed) -> None:
        nonlocal tries
        tries += 1
        raise Refused("yousign_refused", "Le prestataire refuse.")

    firm.table[action] = refused
    for asked in (1, 2, 3):
        firm.later(61)
        form = firm.opened(client, path)
        assert press(client, path, form) == press(client, path, form)
        firm.work()
        assert tries == asked
    firm.table[action] = real
    firm.later(3600)  # the provider's hour between two invitations is over
    assert press(client, path, firm.opened(client, path))[0] == 303
    firm.work()
    (convention,) = firm.conventions()
    last = firm.steps(convention["id"], action)[-1]
    assert (last.state, convention["state"]) == ("done", "cancelled" if action == "cancel" else "sent")


def test_a_replacement_refused_twice_can_be_asked_again(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("amend")
    send(firm, client)
    firm.change_record(**MENDED)
    real = firm.table[StepKind.CANCEL]
    firm.table[StepKind.CANCEL] = failing(Refused("yousign_refused", "Le prestataire refuse."))
    for _ in range(3):
        firm.later(61)
        press(client, path, firm.opened(client, path))
        firm.work()
    assert "sent" in states(firm)
    firm.table[StepKind.CANCEL] = real
    firm.later(61)
    press(client, path, firm.opened(client, path))
    firm.work()
    assert (sorted(states(firm)), firm.sent()) == (["sent", "superseded"], 2)


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("action", ["send", "amend"])
def test_what_was_only_prepared_is_sent_by_a_button(firm: Firm, action: str, changed: bool) -> None:
    """As the API's second ask does: the very document if its record is the same, else the record as it is."""
    firm.post("", {**OURS, "until": "rendered", "template": "contentieux", "external_id": "affaire-7"})
    firm.work()
    assert states(firm) == ["rendered"]
    if changed:
        firm.change_record(**MENDED)
    firm.later(61)
    client, path = firm.signed_in(), firm.button(action)
    form = firm.opened(client, path)
    assert "version" in form
    assert press(client, path, form) == press(client, path, form)
    firm.work()
    kept = not changed and action == "send"
    assert (sorted(states(firm)), firm.sent()) == (["sent"] if kept else ["sent", "superseded"], 1)
    (sent,) = [one for one in firm.conventions() if one["state"] == "sent"]
    assert (sent["template"], sent["external_id"]) == ("contentieux", "affaire-7")
    assert "a déjà une convention en cours" in read(client, firm.button("send"))


def test_a_reminder_that_is_asked_for_is_told_and_so_is_the_last_one_that_left(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("remind")
    send(firm, client)
    firm.later(3600)
    _, following = press(client, path, firm.opened(client, path))
    for page in (following, path):
        assert "Relance demandée…" in read(client, page)
        assert "Dernière relance" not in read(client, page)
    firm.work()
    for page in (following, path):
        assert "Relance demandée" not in read(client, page)
        assert f"Dernière relance envoyée le {in_french(firm.now)}." in read(client, page)


def test_a_cancellation_that_is_asked_for_is_told_and_not_offered_again(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("cancel")
    send(firm, client)
    form = firm.opened(client, path)
    _, following = press(client, path, form)
    for page in (following, path):
        assert "Annulation en cours…" in read(client, page)
    assert "L’annulation est déjà demandée" in read(client, path)
    assert "convention" not in firm.opened(client, path)
    assert press(client, path, form) == (303, following)
    firm.work()
    assert "Annulation en cours" not in read(client, following)
    assert states(firm) == ["cancelled"]


def test_a_cancellation_of_what_failed_is_followed_to_its_end(firm: Firm) -> None:
    """A convention in error is not looked at again by itself, unless something is under way."""
    client, path = firm.signed_in(), firm.button("cancel")
    firm.table[StepKind.SEND] = failing(Refused("yousign_refused", "Le prestataire refuse."))
    sending = firm.button("send")
    press(client, sending, firm.opened(client, sending))
    firm.work()
    assert states(firm) == ["failed"]
    _, following = press(client, path, firm.opened(client, path))
    assert 'http-equiv="refresh"' in client.get(following, headers=HTML).text
    firm.work()
    assert states(firm) == ["cancelled"]
    assert 'http-equiv="refresh"' not in client.get(following, headers=HTML).text


def test_cancelling_while_a_replacement_waits_calls_that_one_off(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("amend")
    send(firm, client)
    firm.change_record(**MENDED)
    firm.later(1)
    press(client, path, firm.opened(client, path))
    firm.work(StepKind.FETCH)
    assert states(firm) == ["sent", "received"]
    cancel = firm.button("cancel")
    form = firm.opened(client, cancel)
    assert "La version précédente est en cours d’annulation" in read(client, cancel)
    assert press(client, cancel, form)[0] == 303
    assert states(firm) == ["sent", "cancelled"]
    assert "L’annulation est déjà demandée" in read(client, cancel)
    firm.work()
    assert (states(firm), firm.sent()) == (["superseded", "cancelled"], 1)


@pytest.mark.parametrize("action", ["preview", "send"])
def test_a_fault_of_the_server_is_not_for_who_keeps_the_record_to_mend(firm: Firm, action: str) -> None:
    """Here the key that reads the records, revoked; a record that is gone is another matter."""
    client, path = firm.signed_in(), firm.button(action)
    airtable, words = firm.sandbox.control("airtable"), "prévenez la personne qui administre ce serveur"
    airtable.fault("error", "GET", status=401, body={"error": {"type": "AUTHENTICATION_REQUIRED"}})
    assert "version" not in firm.opened(client, path)
    page = read(client, path)
    assert words in page
    assert "Corrigez-la" not in page
    assert "la fiche corrigée" not in page
    firm.later(61)
    airtable.fault("error", "GET", status=404, body={"error": "NOT_FOUND"})
    firm.opened(client, path)
    page = read(client, path)
    assert words not in page
    assert "la fiche corrigée" in page


def test_a_preview_that_does_not_come_says_whom_to_tell(firm: Firm) -> None:
    """No worker is there to make it."""
    client, path, words = firm.signed_in(), firm.button("send"), "Cela dure plus longtemps que prévu"
    for seconds, late in ((0, False), (59, False), (2, True), (300, True)):
        firm.later(seconds)
        page = read(client, path)
        assert "L’aperçu se prépare" in page
        assert (words in page) is late
    firm.work(StepKind.PREVIEW)
    assert words not in read(client, path)
