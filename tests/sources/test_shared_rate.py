"""The limit on calls holds for all workers together, whatever each of them reads or writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import pytest

from connectors import Services
from connectors.sources import Outcome
from domain.errors import Retryable
from sandbox.airtable import BASE_ID
from tests.fixtures.sandbox import Sandbox
from tests.fixtures.services import services
from tests.sources.kits_airtable import AirtableKit
from tests.sources.kits_notion import NotionKit

#: the kit, how many calls a second its tool takes, and for what it counts them
TOOLS: list[tuple[type[Any], int, str]] = [
    (AirtableKit, 5, f"airtable:{BASE_ID}"),
    (NotionKit, 3, "notion"),
]
each_tool = pytest.mark.parametrize(("tool", "limit", "scope"), TOOLS, ids=["airtable", "notion"])


@dataclass
class Turns:
    """Turns as the database keeps them (tests/store/test_turns.py), in the memory of this process."""

    next_at: dict[str, float] = field(default_factory=dict)
    intervals: set[float] = field(default_factory=set)
    booked: int = 0
    _lock: Lock = field(default_factory=Lock)

    def book(self, scope: str, interval: float, _longest: float = 5) -> float:
        with self._lock:
            now = datetime.now(UTC).timestamp()
            mine = max(self.next_at.get(scope, now), now)
            self.next_at[scope] = mine + interval
            self.intervals.add(interval)
            self.booked += 1
            return mine - now

    def services(self) -> Services:
        return replace(services(), turn=self.book)


@each_tool
def test_workers_together_never_call_faster_than_the_tool_allows(
    sandbox: Sandbox, tool: type[Any], limit: int, scope: str
) -> None:
    kit, turns = tool(sandbox), Turns()
    refs = [kit.holding({"Nom": "Durand"}) for _ in range(limit + 2)]
    began = datetime.now(UTC).timestamp()
    with ThreadPoolExecutor(len(refs)) as workers:
        list(workers.map(lambda ref: kit.source(turns.services()).read(ref), refs))
    (interval,) = turns.intervals
    assert interval > 1 / limit
    assert list(turns.next_at) == [scope]
    arrived = [datetime.fromisoformat(one["at"]).timestamp() for one in kit.control.requests("GET")]
    assert len(arrived) == turns.booked == len(refs)
    for rank, moment in enumerate(sorted(arrived)):
        assert moment >= began + rank * interval - 0.01  # as many turns as calls had come by then


@each_tool
def test_each_call_takes_its_turn(sandbox: Sandbox, tool: type[Any], limit: int, scope: str) -> None:
    kit, turns = tool(sandbox), Turns()
    counted = replace(
        services(), turn=lambda scope, interval, longest: 0 * turns.book(scope, interval, longest)
    )
    ref = kit.holding({"Nom": "Durand", "Suivi": "À envoyer"})
    source = kit.source(counted)
    source.write_back(ref, Outcome(state="Signée"))
    list(source.candidates(kit.place, "Suivi", "À envoyer"))
    assert turns.booked >= len(kit.control.requests()) >= 3
    assert list(turns.next_at) == [scope]


@each_tool
def test_a_long_wait_is_left_to_the_queue(sandbox: Sandbox, tool: type[Any], limit: int, scope: str) -> None:
    kit = tool(sandbox)
    ref = kit.holding({"Nom": "Durand"})
    with pytest.raises(Retryable) as caught:
        kit.source(replace(services(), turn=lambda _scope, _interval, _longest: 40.0)).read(ref)
    assert caught.value.after == 40
    assert kit.control.requests() == []
