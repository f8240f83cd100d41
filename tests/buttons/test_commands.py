"""The operator's commands on buttons: the formula to paste, and what is wrong told in French."""

from __future__ import annotations

import re

import pytest

from sandbox.airtable import BASE_ID, RECORD_ID, TABLE_ID
from tests.buttons.firm import HTML, Firm

PLACE = ("--place", f"base={BASE_ID}", "--place", f"table={TABLE_ID}")


def run(firm: Firm, *arguments: str, group: str = "buttons") -> tuple[int, str]:
    done = firm.flask.test_cli_runner().invoke(args=[group, *arguments])
    return done.exit_code, done.output


def test_a_button_is_made_listed_and_revoked(firm: Firm) -> None:
    code, formula = run(firm, "create", "--source", "airtable", *PLACE, "--action", "send")
    found = re.fullmatch(rf'"{firm.address}(/buttons/[\w.-]+)\?record=" & RECORD_ID\(\)\n', formula)
    assert code == 0 and found, formula
    client, path = firm.signed_in(), f"{found[1]}?record={RECORD_ID}"
    assert client.get(path, headers=HTML).status_code == 200
    _, listed = run(firm, "list")
    button_id = listed.split()[0]
    assert [button_id[:3], *listed.split()[1:3]] == ["bt_", "actif", "send"]
    assert BASE_ID in listed and found[1].rpartition("/")[2] not in listed
    assert run(firm, "revoke", button_id) == (0, "Bouton révoqué.\n")
    assert run(firm, "revoke", button_id)[0] == 1
    assert "révoqué" in run(firm, "list")[1]
    assert client.get(path, headers=HTML).status_code == 404


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--source", "airtable", "--place", "base=nonsense", "--action", "send"), "base, table"),
        (("--source", "airtable", *PLACE, "--place", "record=x", "--action", "send"), "record"),
        (("--source", "airtable", *PLACE, "--action", "send", "--template", "x"), "templates list"),
        (("--source", "inline", "--action", "send"), "choisissez parmi"),
    ],
)
def test_what_cannot_be_a_button_is_refused(firm: Firm, arguments: tuple[str, ...], told: str) -> None:
    code, output = run(firm, "create", *arguments)
    assert (code, told in output) == (1, True), output
    assert run(firm, "list") == (0, "")


def test_who_is_revoked_is_somebody(firm: Firm) -> None:
    """A mistyped identifier closes nothing, and is not to be taken for a success."""
    firm.signed_in()
    _, listed = run(firm, "list", group="people")
    person_id = listed.split()[0]
    code, told = run(firm, "revoke", person_id[:-1], group="people")
    assert (code, "people list" in told) == (1, True), told
    for ended in (1, 0):
        assert run(firm, "revoke", person_id, group="people") == (0, f"Connexions fermées : {ended}.\n")
    assert run(firm, "revoke", group="people") == (0, "Connexions fermées : 0.\n")


def test_the_doctor_tells_who_may_press_and_whether_mail_leaves(firm: Firm) -> None:
    told = firm.flask.test_cli_runner().invoke(args=["doctor"]).output
    assert "✓ Boutons : 2 personnes autorisées." in told
    assert "✓ Courriel : le serveur de courriel accepte la connexion du hub." in told
