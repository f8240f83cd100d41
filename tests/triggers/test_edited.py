"""A record that people go on editing while the hub reads it, or has already sent it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from domain.steps import StepKind
from sandbox.airtable.sample import FIELDS
from tests.fixtures.databases import one_database
from tests.fixtures.waiting import wait_for
from tests.triggers.place import AIRTABLE, ASKING, Place
from workers.clock import tick


@one_database
def test_what_is_edited_while_it_is_being_read_is_what_is_sent(place: Place) -> None:
    place.watch(*AIRTABLE, "--poll")
    ref = place.record("À envoyer")
    place.desk.later(300)
    tick(place.desk.runtime)
    place.desk.work(StepKind.TRIGGER)
    (fetch,) = place.desk.due(StepKind.FETCH)
    control, one = place.kit.control, f"/{ref.record}$"
    control.fault("delay_after", "GET", one, seconds=2, times=1)  # read, and its answer on its way
    seen = len(control.requests("GET"))
    with ThreadPoolExecutor(1) as worker:
        reading = worker.submit(place.desk.run, fetch)
        wait_for(lambda: len(control.requests("GET")) > seen, 10, "the record is being read")
        place.kit.edited(ref, "Adresse", "99 avenue de la Deuxième Édition")
        place.desk.later(300)
        tick(place.desk.runtime)
        place.desk.work(StepKind.TRIGGER)
        reading.result()
    place.later(60)
    (convention,) = place.conventions()
    assert convention.state == "sent"
    assert "Deuxième" in str(convention.record)


@one_database
def test_a_record_edited_after_its_sending_says_so_beside_the_state_of_what_is_out(place: Place) -> None:
    place.watch(*AIRTABLE, "--poll")
    ref = place.record("À envoyer")
    place.later(300)
    place.kit.edited(ref, "Adresse", "99 avenue")
    place.later(300)
    assert place.states() == ["failed", "sent"]
    told = place.kit.written(ref)
    assert told["Statut convention"] == "Envoyée"
    assert told["Lien de signature"]
    assert "« Annuler et remplacer »" in told["Erreur convention"]
    place.kit.edited(ref, "Adresse", FIELDS["Adresse"])
    place.later(300)
    assert place.kit.written(ref)["Statut convention"] == "Envoyée"


@one_database
def test_what_asks_while_the_watch_is_being_added_does_not_wait_for_an_hour(place: Place) -> None:
    ref = place.record("Brouillon")
    control = place.kit.control
    control.fault("delay", "POST", "/webhooks$", seconds=1.5, times=1)
    seen = len(control.requests("POST"))
    with ThreadPoolExecutor(1) as operator:
        adding = operator.submit(place.watch, *AIRTABLE)
        wait_for(lambda: len(control.requests("POST")) > seen, 20, "the webhook is being made")
        place.kit.edited(ref, "Statut", "À envoyer")
        adding.result()
    place.later(5)
    assert place.states() == ["sent"]


@one_database
def test_a_column_of_the_hub_is_not_watched_and_a_busy_tool_is_told(place: Place) -> None:
    runner = place.desk.flask.test_cli_runner()
    place.record("À envoyer")
    own = ("--column", "Statut convention", "--value", "Envoyée")
    done = runner.invoke(args=["triggers", "add", *AIRTABLE, *own, "--poll"])
    assert (done.exit_code, "Le hub écrit lui-même dans cette colonne" in done.output) == (1, True)
    place.kit.control.fault("error", "GET", "/rec", status=503, times=None)
    done = runner.invoke(args=["triggers", "add", *AIRTABLE, *ASKING, "--poll"])
    assert (done.exit_code, done.output.count("Error:")) == (1, 1), done.output
    assert "Cette commande ne réessaie pas d'elle-même" in done.output
