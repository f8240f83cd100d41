"""How a step ends: done, tried again, given up, taken over, and what the convention then shows."""

from __future__ import annotations

import io
import logging

import pytest
from sqlalchemy import text

from domain.errors import Invalid, NotFound, OutOfTurn, ParapheError, Permanent, Refused, Retryable
from domain.steps import MAX_ATTEMPTS, StepKind
from logs import JsonLines
from store import conventions
from tests.workers.desk import Desk, done, failing
from workers import clock, job

AWAY = Retryable("away", "Le système est injoignable ; un nouvel essai aura lieu.")
REFUSED = Permanent("refused", "Le système refuse ; vérifiez ses réglages.")


def test_a_failure_that_may_pass_is_tried_again_and_shown_meanwhile(desk: Desk) -> None:
    convention_id = desk.ask()
    desk.table[StepKind.FETCH] = failing(AWAY)
    desk.work()
    shown = desk.shown(convention_id)
    assert (shown["state"], shown["retrying"][0]["code"]) == ("received", "away")
    assert desk.due() == []
    desk.later(60)
    assert desk.due() == [desk.step(convention_id, StepKind.FETCH).id]


def test_what_a_system_asks_to_wait_is_waited(desk: Desk) -> None:
    desk.ask()
    desk.table[StepKind.FETCH] = failing(Retryable("busy", "Trop d'appels.", after=900))
    desk.work()
    desk.later(899)
    assert desk.due() == []
    desk.later(2)
    assert len(desk.due()) == 1


def test_a_step_that_finds_no_turn_comes_back_soon_and_is_never_given_up(desk: Desk) -> None:
    convention_id = desk.ask()
    desk.table[StepKind.FETCH] = failing(OutOfTurn("busy", "Le hub espace ses appels.", after=6.0))
    for _ in range(MAX_ATTEMPTS + 2):
        desk.work()
        desk.later(5.9)
        assert desk.due() == []
        desk.later(2.6)
        assert desk.due() == [desk.step(convention_id, StepKind.FETCH).id]
    assert desk.step(convention_id, StepKind.FETCH).attempts == 1, "an earlier try may have acted"
    desk.table[StepKind.FETCH] = failing(AWAY)
    desk.work()
    assert desk.step(convention_id, StepKind.FETCH).attempts == 2


def test_an_absurd_wait_is_not_believed(desk: Desk) -> None:
    convention_id = desk.ask()
    desk.table[StepKind.FETCH] = failing(Retryable("busy", "Trop d'appels.", after=float("inf")))
    desk.work()
    desk.later(86_401)
    assert desk.due() == [desk.step(convention_id, StepKind.FETCH).id]


@pytest.mark.parametrize(
    "error", [Invalid("bad", "Faux."), Refused("no", "Non."), NotFound("gone", "?"), REFUSED]
)
def test_a_failure_that_will_not_pass_stops_the_convention_and_says_so(
    desk: Desk, error: ParapheError
) -> None:
    convention_id = desk.ask()
    desk.table[StepKind.FETCH] = failing(error)
    desk.work(StepKind.FETCH)
    shown = desk.shown(convention_id)
    assert (shown["state"], shown["problem"]["code"]) == ("failed", error.code)
    assert desk.events(convention_id) == ["convention.failed"]
    assert desk.step(convention_id, StepKind.FETCH).attempts == 1


def test_an_unforeseen_error_is_given_up_before_long_and_its_text_is_kept_nowhere(desk: Desk) -> None:
    convention_id = desk.ask()
    desk.table[StepKind.FETCH] = failing(KeyError("CANARI claire.durand@example.com"))
    for _ in range(10):
        desk.work(StepKind.FETCH)
        desk.later(7200)
    shown = desk.shown(convention_id)
    assert (shown["state"], shown["problem"]["code"]) == ("failed", "internal_error")
    assert "CANARI" not in str(shown) + str(desk.step(convention_id, StepKind.FETCH).error)


def test_a_try_that_was_cut_short_is_known_as_such_even_after_failures(desk: Desk) -> None:
    """A reminder must not leave twice because an earlier try had failed for another reason."""
    convention_id = desk.ask()
    desk.table[StepKind.FETCH] = failing(AWAY)
    desk.work()
    desk.later(60)
    (step_id,) = desk.due()
    assert not desk.claim(step_id).interrupted
    desk.lease_runs_out()
    cut_short = desk.claim(step_id)
    assert (cut_short.interrupted, cut_short.attempt) == (True, 3)
    assert desk.row(convention_id).state == "received"


def test_a_step_that_kills_its_worker_every_time_is_given_up(desk: Desk) -> None:
    convention_id = desk.ask()
    step_id = desk.step(convention_id, StepKind.FETCH).id
    desk.table[StepKind.FETCH] = done
    for _ in range(MAX_ATTEMPTS):
        desk.claim(step_id)
        desk.lease_runs_out()
    desk.run(step_id)
    shown = desk.shown(convention_id)
    assert (shown["state"], shown["problem"]["code"]) == ("failed", "worker_lost")
    desk.post(f"/{convention_id}/retry")
    desk.run(step_id)
    assert desk.step(convention_id, StepKind.FETCH).state == "done"


def test_each_failure_is_written_back_also_the_one_after_a_retry(desk: Desk) -> None:
    convention_id = desk.ask()
    desk.table |= {StepKind.FETCH: failing(REFUSED), StepKind.WRITE_BACK: done}
    for failures in (1, 2, 3):
        desk.work()
        assert len(desk.steps(convention_id, StepKind.WRITE_BACK)) == failures
        desk.post(f"/{convention_id}/retry")


def test_a_lesser_trouble_does_not_hide_what_stops_the_convention(desk: Desk) -> None:
    convention_id = desk.ask()
    desk.table |= {
        StepKind.FETCH: failing(REFUSED),
        StepKind.WRITE_BACK: failing(Permanent("column_missing", "Il manque une colonne.")),
    }
    desk.work()
    assert desk.shown(convention_id)["problem"]["code"] == "refused"
    assert [step.state for step in desk.steps(convention_id)] == ["dead", "dead"]


def test_a_listener_that_refuses_is_shown_on_the_convention_and_makes_no_event(desk: Desk) -> None:
    hook = {"url": "http://127.0.0.1:9/hook", "events": ["convention.rendered"]}
    desk.client.post("/v1/hooks", json=hook, headers=desk.authorised)
    convention_id = desk.ask(until="rendered")
    desk.table[StepKind.DELIVER] = failing(Permanent("listener_refused", "L'adresse refuse nos appels."))
    desk.work()
    shown = desk.shown(convention_id)
    assert (shown["state"], shown["problem"]["code"]) == ("rendered", "listener_refused")
    assert desk.events(convention_id) == ["convention.rendered"]


def test_a_step_that_gives_up_after_the_end_leaves_the_end_as_it_is(desk: Desk) -> None:
    convention_id = desk.ask()
    desk.work(StepKind.FETCH)
    claimed = desk.claim(desk.step(convention_id, StepKind.RENDER).id)
    assert desk.post(f"/{convention_id}/cancel").get_json()["state"] == "cancelled"
    desk.table[StepKind.RENDER] = failing(REFUSED)
    desk.lease_runs_out()
    desk.run(claimed.id)
    shown = desk.shown(convention_id)
    assert (shown["state"], shown.get("problem")) == ("cancelled", None)


def test_the_same_trouble_is_told_once_and_asked_about_by_one_step(desk: Desk) -> None:
    """A provider that refuses the key is asked again at every silence: for days."""
    convention_id = desk.convention("read", "render", "send")
    desk.table[StepKind.FOLLOW] = failing(Permanent("unauthorised", "Le prestataire refuse la clé."))
    for _ in range(5):
        desk.later(7200)
        clock.tick(desk.runtime)
        desk.work()
    assert desk.events(convention_id).count("convention.failed") == 1
    assert desk.step(convention_id, StepKind.FOLLOW).state == "dead"
    assert desk.shown(convention_id)["problem"]["code"] == "unauthorised"


def test_a_convention_that_cannot_be_read_does_not_silence_the_others(desk: Desk) -> None:
    """Sealed under a key that is no longer in the ring: the clock asks about the others all the same."""
    broken, sound = (desk.convention("read", "render", "send") for _ in range(2))
    with desk.runtime.database.transaction() as tx:
        tx.execute(
            text("UPDATE conventions SET source = :x WHERE id = :id"), {"x": b"\x01\x02k9", "id": broken}
        )
    desk.later(7200)
    clock.tick(desk.runtime)
    assert [step.kind for step in desk.steps(sound)] == ["follow"]


def test_nothing_escapes_a_job_with_its_text(desk: Desk) -> None:
    """RQ keeps what escapes a job in Redis, text included."""
    convention_id = desk.ask()
    step_id = desk.step(convention_id, StepKind.FETCH).id
    with desk.runtime.database.transaction() as tx:
        tx.execute(text("ALTER TABLE steps RENAME TO gone"))
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    logging.getLogger("paraphe").addHandler(handler)
    job.use(desk.runtime)
    job.run(step_id)
    logging.getLogger("paraphe").removeHandler(handler)
    assert "step_unrecorded" in lines.getvalue()
    assert "SELECT" not in lines.getvalue()


def test_a_cancelled_convention_that_had_failed_forgets_where_it_failed(desk: Desk) -> None:
    convention_id = desk.ask()
    desk.table[StepKind.FETCH] = failing(REFUSED)
    desk.work(StepKind.FETCH)
    desk.post(f"/{convention_id}/cancel")
    assert desk.row(convention_id).failed_from is None
    with desk.runtime.database.reading() as session:
        assert conventions.find(session, convention_id).content_key is None
