"""The copies of signed conventions: what there is, what is read back and when."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import logs
from domain.copies import Place, Verdict, judge
from domain.errors import ParapheError
from domain.naming import PARIS
from domain.steps import StepState
from store import conventions, copies, journal, steps
from store.models import Step
from workers import filing
from workers.engine import run_claimed
from workers.runtime import Runtime

_log = logs.get("clock")


@dataclass(frozen=True)
class Looked:
    """How reading one convention's copies back went. ``problem``: French; it may come right by itself."""

    repaired: bool
    problem: str


def places(runtime: Runtime) -> dict[str, Place]:
    """The archives that are set up; one whose settings cannot serve counts as none."""
    found = {}
    for name in runtime.archive_names():
        try:
            archive = runtime.archive(name)
        except ParapheError:
            continue
        found[name] = Place(archive.medium.value, archive.off_site)
    return found


def verdicts(runtime: Runtime) -> list[Verdict]:
    able = places(runtime)
    with runtime.database.reading() as session:
        return [judge(one, able) for one in copies.filings(session)]


def plan(runtime: Runtime, now: datetime) -> None:
    """Each day, in Paris, a sample of the conventions whose copies were not read back for long. Planned one
    by one, under a lock: however many clocks there are, a convention is asked for once and a day has no more
    than its sample."""
    rules, names = runtime.copies(), runtime.archive_names()
    day = now.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    with runtime.database.reading() as session:
        room = rules.sample - copies.asked_since(session, day)
        if room <= 0 or not names:
            return
        found = copies.due(session, names, now - rules.verify_after, day, room)
    for convention_id in found:
        try:
            with runtime.database.transaction() as tx:
                copies.plan(tx, now, day, rules.sample, convention_id)
        except Exception:  # noqa: BLE001 - told, and planned again at the next round
            _log.exception("clock_cannot_verify", extra={"convention": convention_id})


def verify_now(runtime: Runtime, convention_id: str) -> Looked:
    """The very step that the clock plans, run here and at once. What an archive that is away leaves undone
    comes back by itself, as any step does."""
    now = runtime.now()
    with runtime.database.transaction() as tx:
        step = copies.ask(tx, now, convention_id, secrets.token_hex(8))
        claimed = steps.claim(tx, now, step.id, runtime.settings.core.lease_seconds)
        before = len(journal.entries(tx, convention_id))
    if claimed:  # held since it was written: no worker can have it
        run_claimed(runtime, claimed)
    with runtime.database.reading() as session:
        after = session.get_one(Step, step.id)
        said = {entry.action for entry in journal.entries(session, convention_id)[before:]}
    problem = "" if after.state == StepState.DONE.value or not after.error else after.error["detail"]
    return Looked("copy_repaired" in said, problem)


def fill(runtime: Runtime) -> int:
    """Have what is signed filed also into the archives in use that came after it, and again where filing gave
    up; the number of filings to do. Again, it writes nothing more."""
    written = 0
    with runtime.database.reading() as session:
        filings = copies.filings(session)
    for filed in filings:
        if not filed.stuck and set(runtime.settings.archives) <= set(filed.asked):
            continue
        with runtime.database.transaction() as tx:
            row, now = conventions.lock(tx, filed.id), runtime.now()
            if filed.stuck and conventions.retry(tx, now, row, "hub"):
                written += len(filed.stuck)
            added = [name for name in runtime.settings.archives if name not in row.archives]
            if not added:
                continue
            row.archives = [*row.archives, *added]
            for name in added:
                filing.ask(tx, now, row, name)
            journal.append(tx, row.id, now, "hub", "archives_added", archives=added)
        written += len(added)
    return written


def longest_unread(runtime: Runtime, limit: int | None) -> list[str]:
    """Signed conventions that have a copy to read, those read longest ago first; all of them without a
    limit."""
    able = [one for one in verdicts(runtime) if any(h.place and h.files for h in one.holdings)]
    oldest = partial(min, default=runtime.now())
    able.sort(key=lambda one: oldest(h.verified_at for h in one.holdings if h.place and h.verified_at))
    return [one.filing.id for one in able[:limit]]
