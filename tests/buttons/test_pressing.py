"""What a button does, once: whoever clicks, however often, and whatever changed meanwhile."""

from __future__ import annotations

from tests.buttons.firm import HTML, Firm


def test_a_record_is_sent_by_its_button_and_the_journal_names_who_did(firm: Firm) -> None:
    client, path = firm.signed_in(), firm.button("send")
    form = firm.opened(client, path)
    answer = client.post(path, data=form, headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/suivi/")
    firm.work()
    (convention,) = firm.conventions()
    assert convention["state"] == "sent"
    assert firm.sent() == 1
    journal = firm.client.get(f"/v1/conventions/{convention['id']}/journal", headers=firm.authorised)
    received = journal.get_json()["items"][0]
    assert (received["action"], received["actor"][:3]) == ("received", "pe_")
    assert client.get(answer.headers["Location"], headers=HTML).status_code == 200
