"""Look at a watched place, and begin a convention for each record that asks for one and has not had it.

What a tool says is only a signal: the records that stand there decide. A version of a record begins one
convention at most, whatever became of it; nor does another that would agree on the very same thing (a column
with the date of the last edition changes with whatever the hub writes back). A record whose convention is
signed begins none by itself: a second agreement is a person's decision. A faulty record fails as any
convention does, and says so where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import logs
from connectors.sources import Candidate, Source
from domain.content import content_key, keys, record_key, wish_key
from domain.errors import Invalid, NotFound, Permanent, Refused, Retryable
from store import conventions, watches
from store.database import Session
from store.models import Watch
from store.steps import Claimed
from workers import subscriptions
from workers.runtime import Runtime

_log = logs.get("triggers")
#: new records taken on by one look, which reads each; the next look follows at once
_MOST = 50


@dataclass(frozen=True)
class Asking:
    """A record that asks: ``where`` is its source's key of it, ``key`` the same without its name;
    ``version`` and ``content`` as ``store.models.Started`` keeps them."""

    reference: dict[str, Any]
    where: str
    key: str
    version: str
    content: str | None


def run(runtime: Runtime, claimed: Claimed) -> None:
    with runtime.database.reading() as session:
        row = watches.get(session, claimed.argument or "")
    if row is None:  # removed meanwhile
        with runtime.finishing(claimed):
            return
    source, place = place_of(runtime, row)
    now = runtime.now()
    url = subscriptions.address(runtime.settings, row.id)
    standing = subscriptions.keep_alive(now, source, place, url, row)
    found = list(source.candidates(place, row.column, row.value))
    fresh, more = _read(_asking(runtime, source, place, row, found))
    with runtime.finishing(claimed) as tx:
        held = watches.get(tx, row.id, to_write=True)
        if held is None:
            return
        subscriptions.kept(held, standing)
        held.looked_at = now
        # in one order for all: two looks then wait for each other instead of locking each other out
        for one in sorted(fresh, key=lambda asking: (asking.key, asking.version)):
            _begin(tx, runtime, now, held, one)
        if more:
            watches.ask(tx, now, held.id)
    _log.info("watch_looked_at", extra={"source": row.source_kind, "count": len(fresh)})


def _read(asking: Iterator[Asking]) -> tuple[list[Asking], bool]:
    """Those that could be read, and whether another look is wanted: a tool that has had enough of us does not
    undo what it has given. Raises Retryable when it has given nothing."""
    read: list[Asking] = []
    try:
        for one in asking:
            read.append(one)
    except Retryable:
        if not read:
            raise
        return read, True
    return read, len(read) == _MOST


def place_of(runtime: Runtime, row: Watch) -> tuple[Source, Any]:
    source = runtime.source(row.source_kind)
    assert source.Place is not None, "only places are watched"
    return source, source.Place.model_validate(row.place)


def wished(runtime: Runtime, row: Watch) -> tuple[str, str]:
    return row.template or runtime.settings.core.template, row.until


def _asking(
    runtime: Runtime, source: Source, place: Any, row: Watch, found: list[Candidate]
) -> Iterator[Asking]:
    """Those that are new, as far as can be seen before they are taken; ``_MOST`` of them."""
    wish, taken = wished(runtime, row), 0
    for candidate in found:
        try:
            reference = source.ref(place, candidate.record)
        except ValueError:
            _log.warning("candidate_without_identifier", extra={"source": row.source_kind})
            continue
        where = source.key(reference)
        key = record_key(where)
        if where is None or key is None:
            continue
        version = wish_key(candidate.row.version, *wish)
        with runtime.database.reading() as session:
            if watches.known(session, key, version):
                continue
        content = content_of(runtime, source, candidate, reference, wish)
        yield Asking(reference.model_dump(mode="json"), where, key, version, content)
        taken += 1
        if taken == _MOST:
            return


def content_of(
    runtime: Runtime, source: Source, candidate: Candidate, reference: Any, wish: tuple[str, str]
) -> str | None:
    """What the convention would be about; None when it will have to say what is wrong with the record."""
    try:
        row = candidate.row if candidate.whole else source.read(reference)
        record = runtime.normalise(row.fields)
    except (Invalid, Refused, NotFound, Permanent):
        return None
    return wish_key(content_key(source.key(reference), record, wish[0]), *wish)


def _begin(tx: Session, runtime: Runtime, now: datetime, row: Watch, one: Asking) -> None:
    seen = one.content is not None and watches.known(tx, one.key, one.content)
    if not watches.start(tx, now, row, one.key, one.version, one.content) or seen:
        return
    if watches.is_agreed(tx, one.key):
        _log.info("watch_leaves_signed_record", extra={"source": row.source_kind})
        return
    convention, _ = conventions.take(tx, now, _request(runtime, row, one))
    watches.started(tx, one.key, one.version, convention.id)


def _request(runtime: Runtime, row: Watch, one: Asking) -> conventions.Request:
    """All but the record is left to the settings, and to what the record says itself."""
    core, (template, until) = runtime.settings.core, wished(runtime, row)
    return conventions.Request(
        source_kind=row.source_kind,
        source=one.reference,
        **keys(one.where, None, template),
        template=template,
        provider=core.provider,
        level=None,
        signing_order=None,
        archives=runtime.settings.archives,
        until=until,
        amend=False,
        external_id=None,
        caller_data=None,
        resume_url=None,
        resume_at="until",
        made_by=row.id,
    )
