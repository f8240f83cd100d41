"""How a scenario ends, and how it says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Ending(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    BY_HAND = "by_hand"  # nothing went wrong; a person must see the rest


LABELS = {Ending.PASSED: "réussi", Ending.FAILED: "échoué", Ending.BY_HAND: "à la main"}


class Failed(Exception):
    """``seen`` says what was seen instead, ``todo`` what to do: a French sentence each, naming nobody."""

    def __init__(self, seen: str, todo: str = "") -> None:
        super().__init__(seen)
        self.seen, self.todo = seen, todo


class ByHand(Exception):
    """What a person must do or see for the scenario to be proven."""

    def __init__(self, seen: str) -> None:
        super().__init__(seen)
        self.seen = seen


@dataclass(frozen=True)
class Result:
    """``sentence`` says what was seen, ``todo`` what to do about a failure, ``checks`` what was looked at."""

    rank: int
    code: str
    title: str
    ending: Ending
    sentence: str
    todo: str
    checks: tuple[str, ...]
    seconds: float


@dataclass
class Notes:
    """What a scenario has checked so far; ``say`` shows each line as it comes."""

    say: Callable[[str], None]
    checks: list[str] = field(default_factory=list)

    def check(self, holds: bool, checked: str, otherwise: str, todo: str = "") -> None:
        """Note what was checked, or raise Failed."""
        if not holds:
            raise Failed(otherwise, todo)
        self.seen(checked)

    def seen(self, what: str) -> None:
        self.checks.append(what)
        self.say(f"     · {what}")
