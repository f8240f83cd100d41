"""The same thing asked again: with an Idempotency-Key, without one, by another, at once, after a failure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import event
from werkzeug.test import TestResponse

from domain.lifecycle import Move
from store import conventions, journal, keys, steps
from store.models import Convention, Replay
from tests.pages.application import Application, sample

INLINE = {"source": {"kind": "inline", "fields": sample()}}
AIRTABLE = {
    "source": {"kind": "airtable", "base": "app" + "a" * 14, "table": "t", "record": "rec" + "b" * 14}
}


def ask(door: Application, body: dict[str, Any], key: str | None = None, **headers: str) -> TestResponse:
    named = {"Idempotency-Key": key} if key else {}
    return door.client.post("/v1/conventions", json=body, headers={**door.authorised, **named, **headers})


def count(door: Application, table: type[Convention | Replay] = Convention) -> int:
    with door.runtime.database.reading() as session:
        return session.query(table).count()


def cancel(door: Application, convention_id: str) -> None:
    with door.runtime.database.transaction() as tx:
        conventions.move(tx, door.now, conventions.lock(tx, convention_id), Move.CANCELLED, "hub")


def test_the_same_call_again_is_answered_as_the_first(application: Application) -> None:
    first = ask(application, INLINE, "k-1")
    again = ask(application, INLINE, "k-1")
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.get_json() == first.get_json() | {"replayed": True}


def test_a_replay_is_answered_even_when_the_call_would_now_be_refused(
    application: Application, tmp_path: Path, database_url: str
) -> None:
    body = {**AIRTABLE, "resume_url": "http://127.0.0.1:9/resume"}
    first = ask(application, body, "k-1").get_json()["id"]
    stricter = Application(
        tmp_path,
        DATABASE_URL=database_url,
        PARAPHE_ENCRYPTION_KEYS=application.runtime.settings.core.encryption_keys.get_secret_value(),
        PARAPHE_ALLOWED_NETWORKS="198.51.100.0/24",
    )
    assert ask(stricter, body).get_json()["code"] == "url_not_allowed"
    stricter.key = application.key
    assert ask(stricter, body, "k-1").get_json()["id"] == first
    stricter.close()


def test_a_key_used_for_another_call_is_refused_and_nothing_is_written(application: Application) -> None:
    ask(application, INLINE, "k-1")
    answer = ask(application, AIRTABLE, "k-1")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_reused")
    assert (count(application), count(application, Replay)) == (1, 1)


def test_a_refused_call_does_not_use_its_key_up(application: Application) -> None:
    assert ask(application, {"source": {"kind": "nowhere"}}, "k-1").status_code == 422
    assert count(application, Replay) == 0
    assert ask(application, INLINE, "k-1").status_code == 202


def test_another_callers_key_of_the_same_name_is_another_key(application: Application) -> None:
    ask(application, INLINE, "k-1")
    with application.runtime.database.transaction() as tx:
        _, application.key = keys.create(tx, application.now, "autre", keys.SCOPES)
    assert ask(application, AIRTABLE, "k-1").status_code == 202
    assert count(application) == 2


def test_a_replay_of_a_repeated_record_leads_to_the_convention_that_stands(application: Application) -> None:
    standing = ask(application, INLINE).get_json()["id"]
    repeated = ask(application, AIRTABLE, "k-1").get_json()["id"]
    with application.runtime.database.transaction() as tx:
        conventions.lock(tx, repeated).duplicate_of = standing
    answer = ask(application, AIRTABLE, "k-1")
    assert (answer.get_json()["id"], answer.get_json()["replayed"]) == (standing, True)


def test_one_key_at_once_makes_one_convention_even_for_a_record_already_read(
    application: Application,
) -> None:
    """What keeps a record that is read elsewhere from being taken twice is let go once it is read: the key
    alone must hold then."""

    def once(_: int) -> str:
        answer = ask(application, AIRTABLE, "k-1")
        with application.runtime.database.transaction() as tx:  # as the step that reads the record ends
            conventions.lock(tx, answer.get_json()["id"]).pending_key = None
        return str(answer.get_json()["id"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(once, range(8)))) == 1
    assert (count(application), count(application, Replay)) == (1, 1)


def test_a_record_freed_while_it_is_asked_for_is_taken_afresh(application: Application) -> None:
    """PostgreSQL: another transaction may end the standing convention between two statements of ours."""
    database = application.runtime.database
    if database.is_sqlite:
        return  # one writer at a time: nothing can come between
    first = ask(application, INLINE).get_json()["id"]

    done: list[str] = []

    def free_it(*executed: Any) -> None:
        if executed[2].startswith("INSERT INTO conventions") and not done:
            done.append(first)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(cancel, application, first).result(20)

    event.listen(database.engine, "after_cursor_execute", free_it)
    again = ask(application, INLINE)
    assert again.status_code == 202
    assert again.get_json()["id"] != first


def test_without_a_key_the_same_record_is_the_same_convention(application: Application) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(application, INLINE), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
    assert count(application) == 1


def test_what_failed_runs_again_when_it_is_asked_for_again(application: Application) -> None:
    """A person mends the record (or the setting) and clicks again: nobody should have to know of /retry."""
    first = ask(application, AIRTABLE).get_json()["id"]
    _fail(application, first)
    assert application.client.get(f"/v1/conventions/{first}", headers=application.authorised).get_json()[
        "problem"
    ]
    again = ask(application, AIRTABLE)
    assert (again.status_code, again.get_json()["id"], again.get_json()["state"]) == (200, first, "received")
    with application.runtime.database.reading() as session:
        assert [step.state for step in steps.of_convention(session, first)] == ["waiting"]
        assert [entry.action for entry in journal.entries(session, first)] == [
            "received",
            "failed",
            "retried",
        ]


def test_a_replay_of_what_failed_answers_its_problem_and_runs_nothing(application: Application) -> None:
    first = ask(application, AIRTABLE, "k-1").get_json()["id"]
    _fail(application, first)
    again = ask(application, AIRTABLE, "k-1")
    assert (again.status_code, again.get_json()["convention"]) == (422, first)
    with application.runtime.database.reading() as session:
        assert [step.state for step in steps.of_convention(session, first)] == ["dead"]


def _fail(application: Application, convention_id: str) -> None:
    """The step that reads the record gives up."""
    told = {"step": "fetch", "code": "record_invalid", "detail": "Un champ à corriger."}
    with application.runtime.database.transaction() as tx:
        step = steps.of_convention(tx, convention_id)[0]
        claimed = steps.claim(tx, application.now, step.id, 60)
        assert claimed
        steps.bury(tx, application.now, claimed, told)
        row = conventions.lock(tx, convention_id)
        row.problem = told
        conventions.move(tx, application.now, row, Move.FAILED, "hub", code="record_invalid")
