"""The custom steps on a convention in every state: done, refused with a reason, harmless when repeated."""

from __future__ import annotations

import pytest

from domain.lifecycle import Move
from domain.steps import StepKind
from store import conventions, steps
from store.models import Convention
from tests.pages.application import TO_ARCHIVED, TO_SENT, Application

STATES: dict[str, tuple[str, ...]] = {
    "received": (),
    "rendered": ("read", "render"),
    "sent": TO_SENT,
    "opened": (*TO_SENT, "open"),
    "signed": TO_ARCHIVED[:-1],
    "archived": TO_ARCHIVED,
    "declined": (*TO_SENT, "decline"),
    "expired": (*TO_SENT, "expire"),
    "cancelled": (*TO_SENT, "cancel"),
    "failed": ("fail",),
}
#: what may be done in which state; anything else is refused and changes nothing
ALLOWED = {
    "send": {"received", "rendered", "sent", "opened", "signed", "archived"},
    "remind": {"sent", "opened"},
    "cancel": {"received", "rendered", "sent", "opened", "cancelled", "failed"},
    "archive": {"signed", "archived"},
    "retry": {"failed"},
}


def act(door: Application, convention_id: str, action: str) -> tuple[int, str]:
    answer = door.client.post(f"/v1/conventions/{convention_id}/{action}", headers=door.authorised)
    told = answer.get_json()
    return answer.status_code, told["state"] if answer.status_code == 202 else told["code"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ALLOWED)
def test_an_action_in_every_state(door: Application, action: str, state: str) -> None:
    convention_id = door.convention(*STATES[state])
    status, said = act(door, convention_id, action)
    if state in ALLOWED[action]:
        assert status == 202
        return
    assert (status, said) == (422, "nothing_to_retry" if action == "retry" else "state_forbids")
    with door.runtime.database.reading() as session:
        assert conventions.find(session, convention_id).state == state


@pytest.mark.parametrize("action", ["send", "remind", "cancel", "archive"])
def test_an_action_repeated_writes_one_step(door: Application, action: str) -> None:
    wanted = {"send": ("read", "render"), "archive": TO_ARCHIVED}.get(action, TO_SENT)
    convention_id = door.convention(*wanted)
    if action == "send":
        with door.runtime.database.transaction() as tx:
            conventions.lock(tx, convention_id).until = "rendered"
    first = act(door, convention_id, action)
    with door.runtime.database.reading() as session:
        written = len(steps.of_convention(session, convention_id))
    assert act(door, convention_id, action) == first
    with door.runtime.database.reading() as session:
        assert len(steps.of_convention(session, convention_id)) == written


def test_what_failed_when_signed_can_be_filed_again_and_not_cancelled(door: Application) -> None:
    convention_id = door.convention(*STATES["signed"])
    _file_fails(door, convention_id)
    assert act(door, convention_id, "cancel") == (422, "state_forbids")
    assert act(door, convention_id, "send") == (422, "state_forbids")
    assert act(door, convention_id, "remind") == (422, "state_forbids")
    assert act(door, convention_id, "archive") == (202, "signed")
    with door.runtime.database.reading() as session:
        assert [s.state for s in steps.of_convention(session, convention_id)] == ["waiting"]
        assert conventions.find(session, convention_id).problem is None


def test_what_was_sent_is_never_cancelled_here_alone(door: Application) -> None:
    """However it came to be known at the provider, the provider is told first."""
    convention_id = door.convention(*TO_SENT)
    with door.runtime.database.transaction() as tx:
        conventions.lock(tx, convention_id).provider_ref = "r-1"
    assert act(door, convention_id, "cancel") == (202, "sent")
    with door.runtime.database.reading() as session:
        assert [s.kind for s in steps.of_convention(session, convention_id)] == ["cancel"]


def test_retrying_leaves_alone_what_is_running(door: Application) -> None:
    convention_id = door.convention(*STATES["signed"])
    with door.runtime.database.transaction() as tx:
        running = steps.add(tx, door.now, StepKind.ARCHIVE, convention_id, key=f"other:{convention_id}")
        assert steps.claim(tx, door.now, running.id, 60)
    _file_fails(door, convention_id)
    assert act(door, convention_id, "retry") == (202, "signed")
    with door.runtime.database.reading() as session:
        states = {s.id: s.state for s in steps.of_convention(session, convention_id)}
    assert states.pop(running.id) == "running"
    assert list(states.values()) == ["waiting"]
    assert act(door, convention_id, "retry") == (422, "nothing_to_retry")


def test_an_action_on_a_repeated_record_reaches_the_convention_that_stands(door: Application) -> None:
    standing, repeated = door.convention(*TO_SENT), door.convention()
    with door.runtime.database.transaction() as tx:
        row = conventions.lock(tx, repeated)
        row.duplicate_of = standing
        conventions.move(tx, door.now, row, Move.SUPERSEDED, "hub")
    answer = door.client.get(f"/v1/conventions/{repeated}", headers=door.authorised).get_json()
    assert (answer["id"], answer["state"], answer["replayed"]) == (standing, "sent", True)
    assert act(door, repeated, "remind") == (202, "sent")
    with door.runtime.database.reading() as session:
        assert [s.kind for s in steps.of_convention(session, standing)] == ["remind"]


def test_reminders_go_to_whose_turn_it_is_once_a_minute(door: Application) -> None:
    convention_id = door.convention(*TO_SENT)
    for signer, code in (("s1", 202), ("s2", 202), ("s9", 422)):
        answer = door.client.post(
            f"/v1/conventions/{convention_id}/remind", json={"signer": signer}, headers=door.authorised
        )
        assert answer.status_code == code
    with door.runtime.database.reading() as session:
        assert [s.argument for s in steps.of_convention(session, convention_id)] == ["s1"]


def _file_fails(door: Application, convention_id: str) -> None:
    """As the engine buries the step that files into one archive."""
    told = {
        "step": "archive",
        "code": "archive_full",
        "detail": "L'archive est pleine ; libérez de la place.",
    }
    with door.runtime.database.transaction() as tx:
        step = steps.add(tx, door.now, StepKind.ARCHIVE, convention_id, key=f"archive:{convention_id}")
        claimed = steps.claim(tx, door.now, step.id, 60)
        assert claimed
        steps.bury(tx, door.now, claimed, told)
        row: Convention = conventions.lock(tx, convention_id)
        row.problem = told
        conventions.move(tx, door.now, row, Move.FAILED, "hub", code="archive_full")
