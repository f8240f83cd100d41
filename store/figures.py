"""Figures for the operator, read from the truth at each scrape."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from store import conventions, copies, inbox, restore_tests, steps


def metrics(
    tx: Session, now: datetime, verify_after: timedelta
) -> list[tuple[str, str, dict[str, str], float]]:
    """``(name, help, labels, value)``; labels are states and kinds, never people."""
    lines: list[tuple[str, str, dict[str, str], float]] = [
        ("paraphe_conventions", "Conventions by state", {"state": state}, number)
        for state, number in conventions.count_by_state(tx).items()
    ]
    lines += [
        ("paraphe_steps", "Steps by kind and state", {"kind": kind, "state": state}, number)
        for (kind, state), number in steps.count_by_state(tx).items()
    ]
    oldest = steps.oldest_due(tx, now)
    waited = (now - oldest).total_seconds() if oldest else 0.0
    lines.append(
        ("paraphe_oldest_due_step_seconds", "Age of the oldest step that is due and not running", {}, waited)
    )
    lines.append(
        (
            "paraphe_orphan_callbacks",
            "Callbacks of no known convention, a day old",
            {},
            inbox.orphans(tx, now),
        )
    )
    lines += [
        ("paraphe_copies", "Files in archives, by how they were found last", {"state": state}, number)
        for state, number in copies.count(tx, now - verify_after).items()
    ]
    overdue = restore_tests.state(tx, now).overdue
    lines.append(
        ("paraphe_restore_test_overdue", "1: no restore test has passed for six months", {}, float(overdue))
    )
    return lines
