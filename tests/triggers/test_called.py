"""The tool calls: one change of status is one convention, however often it is told, and nothing without its
secret."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyairtable import Api

from domain.steps import StepKind
from sandbox.airtable import BASE_ID, TOKEN
from sandbox.airtable.sample import FIELDS
from sandbox.notion import DATA_SOURCE_ID
from store import steps
from store.steps import LeaseLost
from tests.fixtures.databases import one_database
from tests.triggers.place import AIRTABLE, ASKING, NOTION, Place
from workers.steps import trigger


def test_a_status_told_ten_times_at_once_is_one_convention_sent(place: Place) -> None:
    watch = place.watch(*AIRTABLE)
    ref, other = place.record(), place.record()
    place.says(ref)
    assert place.hook("repeat", times=10) == {"statuses": [204] * 10}
    assert len(place.looks()) == 1
    with place.desk.runtime.database.transaction() as tx:  # as many workers as looks
        for number in range(4):
            key = f"trigger:{watch}:{number}"
            steps.add(tx, place.desk.now, StepKind.TRIGGER, None, key, argument=watch)
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(place.desk.run, place.looks()))
    place.desk.work()
    place.told()  # what the hub wrote back is told too
    place.later(60)  # a worker whose turn at Airtable was too far away has given its look back
    (made,) = place.conventions()
    assert (made.state, made.made_by, made.template) == ("sent", watch, "forfait")
    assert place.kit.written(ref)["Statut convention"] == "Envoyée"
    assert "Statut convention" not in place.kit.cells(other)
    assert place.kept(watch).cursor == place.hooks()[0]["cursorForNextPayload"]


@one_database
def test_a_call_that_is_not_the_tools_own_changes_nothing(place: Place) -> None:
    watch = place.watch(*AIRTABLE)
    place.says(place.record())
    place.desk.work(StepKind.TRIGGER)
    before = place.all_looks()
    assert place.hook("repeat", corrupt=True) == {"statuses": [401]}
    client, url = place.sandbox.client, f"{place.url}/v1/triggers"
    assert client.post(f"{url}/{watch}", content=b"{}").status_code == 401
    stranger = [(b"X-Hub-Token", b"x"), (b"X-Airtable-Content-MAC", b"\xff")]
    assert client.post(f"{url}/{watch}", content=b"[", headers=stranger).status_code == 401
    assert client.post(f"{url}/wt_nobody", content=b"{}").status_code == 404
    assert place.hook("repeat", times=3) == {"statuses": [204] * 3}  # stale: this one was taken
    assert place.all_looks() == before
    place.command("remove", watch)
    assert place.hooks() == []
    assert client.post(f"{url}/{watch}", content=b"{}").status_code == 404


@one_database
def test_a_look_whose_worker_died_before_it_was_committed_begins_nothing_twice(place: Place) -> None:
    place.watch(*AIRTABLE)
    place.says(place.record())
    (look,) = place.looks()
    lost = place.desk.claim(look)
    place.desk.lease_runs_out()
    place.desk.run(look)
    with pytest.raises(LeaseLost):  # it was only slow
        trigger.run(place.desk.runtime, lost)
    place.desk.work()
    assert place.states() == ["sent"]


@one_database
def test_a_faulty_record_says_so_and_is_taken_up_once_it_is_mended(place: Place) -> None:
    place.watch(*AIRTABLE)
    faulty, whole = place.record(**{"E-mail": "personne"}), place.record(**{"N° dossier": "2026-0143"})
    place.says(faulty)
    place.says(whole)
    place.desk.work()
    assert place.states() == ["failed", "sent"]
    assert place.kit.written(faulty)["Erreur convention"].startswith("La fiche ne peut pas devenir")
    place.kit.edited(faulty, "E-mail", FIELDS["E-mail"])
    place.told()
    place.desk.work()
    assert place.states() == ["sent", "sent"]


@one_database
def test_notions_action_and_its_signed_webhook_are_heard(place: Place) -> None:
    control = place.sandbox.control("notion")
    order = {"data_source": DATA_SOURCE_ID, "types": {"N° dossier": "title"}}
    control.post("pages", {**order, "properties": {"Statut": "Brouillon"}})
    said = place.command("add", *NOTION, *ASKING)
    watch = re.findall(r"^wt_\w+$", said, re.MULTILINE)[0]
    place.desk.work(StepKind.TRIGGER)
    before = place.all_looks()
    (plain, opening) = re.findall(r"URL : (\S+)", said)
    (secret,) = re.findall(r"X-Hub-Token : (\S+)", said)
    page = control.post("pages", {**order, "properties": {**FIELDS, "Statut": "À envoyer"}})["id"]

    def sent(kind: str, url: str = plain, **details: object) -> list[int]:
        statuses: list[int] = control.post(kind, {"url": url, "page": page, **details})["statuses"]
        return statuses

    assert sent("action", headers={"X-Hub-Token": secret + "x"}) == [401]
    assert sent("handshake") == [401]  # nobody gave it this address
    assert place.all_looks() == before
    assert sent("action", headers={"X-Hub-Token": secret}, times=5) == [204] * 5
    assert place.all_looks() == before + 1
    place.desk.work()
    assert place.states() == ["sent"]
    assert sent("event") == [503]  # not confirmed yet: Notion comes back
    assert sent("handshake", opening) == [204]
    assert sent("handshake", opening) == [401]  # another token does not take the place of the first
    token = place.kept(watch).confirmation
    assert f"jeton à recopier dans l'outil : {token}" in place.command("list")
    assert sent("event") == [401]  # signed with the second
    assert sent("event", token=token, corrupt=True) == [401]
    assert sent("event", token=token) == [204]
    place.desk.work()
    assert place.states() == ["sent"]


@one_database
def test_the_stand_in_speaks_as_airtables_own_client_expects(place: Place) -> None:
    place.watch(*AIRTABLE)
    place.says(place.record(), "Relue")
    place.says(place.record())
    base = Api(TOKEN, endpoint_url=f"{place.sandbox.url}/airtable").base(BASE_ID)
    (hook,) = base.webhooks()
    assert [payload.cursor for payload in hook.payloads()] == [1, 2]
    assert hook.cursor_for_next_payload == 3
    hook.delete()
    assert base.webhooks() == []
