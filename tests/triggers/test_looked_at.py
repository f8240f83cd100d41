"""Without a call: the clock looks, keeps the subscriptions alive, and sends nothing twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from domain.lifecycle import Move
from sandbox.airtable import BASE_ID, TABLE_NAME
from sandbox.airtable.sample import FIELDS
from sandbox.crm import RECORD_ID
from store import conventions, watches
from tests.fixtures.databases import one_database
from tests.fixtures.waiting import wait_for
from tests.triggers.place import AIRTABLE, ASKING, Place

HOUR = 3600.0
DAY = 24 * HOUR


@one_database
def test_a_table_that_is_only_read_again_does_the_same_without_a_webhook(place: Place) -> None:
    standing = place.record("À envoyer")
    watch = place.watch(*AIRTABLE, "--poll")
    assert place.hooks() == []
    ref = place.record("À envoyer", **{"Dernière modification": "1"})
    place.later(150)
    assert place.states() == []
    place.later(150)
    assert place.states() == ["sent"]  # what asked before it was watched did not leave
    with place.desk.runtime.database.transaction() as tx:
        (made,) = place.conventions()
        conventions.move(tx, place.desk.now, conventions.lock(tx, made.id), Move.DECLINED, "hub")
    place.kit.edited(ref, "Dernière modification", "2")  # as what the hub writes back makes it
    place.later(300)
    place.later(300)
    assert place.states() == ["declined"]
    place.kit.edited(ref, "Adresse", "13 rue des Lilas")
    place.later(300)
    assert place.states() == ["declined", "sent"]
    place.kit.edited(standing, "Adresse", "14 rue des Lilas")
    place.later(300)
    assert place.states() == ["declined", "sent", "sent"]
    place.command("remove", watch)
    again = place.watch(*AIRTABLE, "--poll", "--standing")
    place.later(300)
    assert place.kept(again).looked_at
    assert len(place.states()) == 3  # what was begun is known to every watch


@one_database
def test_a_tool_that_has_had_enough_in_the_middle_does_not_undo_what_it_gave(place: Place) -> None:
    place.watch(*AIRTABLE, "--poll")
    _, second = (place.record("À envoyer", **{"N° dossier": f"2026-09{n}"}) for n in range(2))
    place.kit.control.fault("error", "GET", f"/{second.record}$", status=503, times=1)
    place.later(300)
    assert place.states() == ["sent", "sent"]  # by the next look, which follows at once


@one_database
def test_half_an_emoji_in_a_record_hides_no_other(place: Place) -> None:
    """What a formula that cuts a text may leave: JSON carries it, UTF-8 does not."""
    place.watch(*AIRTABLE, "--poll")
    cut = {**FIELDS, "Statut": "À envoyer", "Résumé": "coupé \ud83d"}
    order = json.dumps({"base": BASE_ID, "table": TABLE_NAME, "fields": cut})
    url = f"{place.kit.control.url}/_control/records"
    answer = place.sandbox.client.post(url, content=order, headers={"Content-Type": "application/json"})
    answer.raise_for_status()
    place.record("À envoyer", **{"N° dossier": "2026-0999"})
    place.later(300)
    assert "sent" in place.states()


@one_database
def test_one_record_that_cannot_be_computed_hides_no_other_and_a_signed_one_is_left_alone(
    place: Place,
) -> None:
    place.watch(*AIRTABLE, "--poll")
    place.record("À envoyer", **{"Total calculé": {"error": "#ERROR!"}})
    good = place.record("À envoyer")
    place.later(300)
    assert place.states() == ["failed", "sent"]
    with place.desk.runtime.database.transaction() as tx:
        (sent,) = [one for one in place.conventions() if one.state == "sent"]
        row = conventions.lock(tx, sent.id)
        row.signed_at = place.desk.now
        conventions.move(tx, place.desk.now, row, Move.SIGNED, "hub")
    place.kit.edited(good, "Adresse", "15 rue des Lilas")
    place.later(300)
    assert place.states() == ["failed", "signed"]


@one_database
def test_a_record_without_a_usable_identifier_hides_no_other(place: Place) -> None:
    crm = place.sandbox.control("crm")
    sample = crm.get(f"records/{RECORD_ID}")
    crm.post("records", sample | {"id": "D 2026/1"})
    place.command("add", "--source", "http_json", "--column", "Ville", "--value", "Paris", "--poll")
    crm.post("records", sample | {"id": "D-2026-0143"})
    place.later(300)
    assert place.states() == ["sent"]


@one_database
def test_a_look_that_was_told_to_wait_is_not_hurried_by_a_call_and_looks_leave_one_step(place: Place) -> None:
    watch = place.watch(*AIRTABLE, "--poll")
    place.sandbox.control("airtable").fault("error", "GET", "", status=503, headers={"Retry-After": "900"})
    place.later(300)
    with place.desk.runtime.database.transaction() as tx:
        told = watches.ask(tx, place.desk.now, watch, "event")
        assert told.run_after > place.desk.now + timedelta(seconds=800)
        assert watches.problem(tx, place.kept(watch))
    place.later(901)
    assert place.kept(watch).looked_at
    for _ in range(3):
        place.later(300)
    assert place.all_looks() == 1


@one_database
def test_a_change_told_while_the_hub_was_away_is_found_within_the_hour(place: Place) -> None:
    place.watch(*AIRTABLE)
    place.stop()
    place.kit.edited(place.record(), "Statut", "À envoyer")
    place.later(HOUR / 2)
    assert place.states() == []
    place.later(HOUR / 2)
    assert place.states() == ["sent"]


@one_database
def test_a_webhook_switched_off_or_expired_is_healed_by_the_clock(place: Place) -> None:
    watch = place.watch(*AIRTABLE)
    first = place.kept(watch)
    place.hook("age", notifying=False)
    place.later(DAY + HOUR)
    (healed,) = place.hooks()
    assert (healed["id"], healed["areNotificationsEnabled"]) == (first.outside_id, True)
    place.hook("age", expires_in=-1)
    place.later(HOUR)
    remade = place.kept(watch)
    assert remade.outside_id not in (None, first.outside_id)
    assert remade.expires_at
    assert remade.expires_at > datetime.now(UTC) + timedelta(days=6)
    with_it = [one for one in place.hooks() if one["id"] == remade.outside_id]
    place.kit.edited(place.record(), "Statut", "À envoyer")
    assert len(with_it) == 1
    wait_for(place.looks, 30, "the ping, known by the new secret")
    place.desk.work()
    assert place.states() == ["sent"]


@one_database
def test_a_token_that_may_not_make_webhooks_is_told_and_the_table_is_read_all_the_same(place: Place) -> None:
    place.kit.settings(can_manage_webhooks=False)
    said = place.command("add", *AIRTABLE, *ASKING)
    assert "webhook:manage" in said
    assert "relue toutes les 300 secondes" in said
    place.record("À envoyer")
    place.later(300)
    assert place.states() == ["sent"]
    doctor = place.desk.flask.test_cli_runner().invoke(args=["doctor"]).output
    (line,) = [one for one in doctor.splitlines() if "Déclencheur" in one]
    assert line.startswith("✗")
    assert "webhook:manage" in line
    place.kit.settings(can_manage_webhooks=True)
    place.later(300)
    assert len(place.hooks()) == 1
