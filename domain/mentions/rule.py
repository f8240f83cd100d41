"""The shape of a rule, and of what it wants printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.mentions.facts import Facts

Condition = Callable[[Facts], bool]
#: printed forms of which one must be found; empty text cannot be found
Wanted = tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """The merge context, read by dotted name; what is not there, or is None, is empty."""

    context: Mapping[str, Any]

    def __call__(self, name: str) -> str:
        found = self._find(name)
        return found if isinstance(found, str) else ""

    def items(self, name: str) -> list[Words]:
        """A list of groups of words."""
        return [Words(item) for item in self._list(name) if isinstance(item, Mapping)]

    def texts(self, name: str) -> list[str]:
        """A list of words."""
        return [item for item in self._list(name) if isinstance(item, str)]

    def has(self, name: str) -> bool:
        return bool(self._find(name))

    def _list(self, name: str) -> list[Any]:
        found = self._find(name)
        return list(found) if isinstance(found, list | tuple) else []

    def _find(self, name: str) -> Any:
        found: Any = self.context
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found


Values = Callable[[Facts, Words], Iterable[Wanted]]


def always(_: Facts) -> bool:
    return True


def nothing(_: Facts, __: Words) -> Iterable[Wanted]:
    return ()


def printed(*names: str) -> Values:
    """Each of these words, when there are any: what a firm or a record does not say cannot be printed."""
    return lambda _, words: [(words(name),) for name in names if words(name)]


def needed(*names: str) -> Values:
    """Each of these words, which must be there."""
    return lambda _, words: [(words(name),) for name in names]


def either(*names: str) -> Values:
    """One of these words."""
    return lambda _, words: [tuple(words(name) for name in names)]


def each(name: str, *fields: str) -> Values:
    """Of each item of a list, every one of ``fields`` that says something."""
    return lambda _, words: [(item(field),) for item in words.items(name) for field in fields if item(field)]


def both(*parts: Values) -> Values:
    return lambda facts, words: [wanted for part in parts for wanted in part(facts, words)]


@dataclass(frozen=True)
class Rule:
    """A mention that must be there.

    ``applies`` says when; ``blocks``, for a mention whose severity depends on the record, when its lack stops
    the sending. ``values`` must be printed in its clause (K2), ``advised`` had better be: lacking, they only
    warn. ``wordings`` name constants of ``law.toml``, of which one writing must stand there (K3). ``beside``:
    other mentions in whose clauses the values may stand too, when templates rightly share them out.
    ``fix``: what to do when it lacks and one of ``needs`` says nothing, because a setting is empty.
    """

    applies: Condition = always
    blocks: Condition | None = None
    values: Values = nothing
    advised: Values = nothing
    wordings: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    fix: str = ""


@dataclass(frozen=True)
class Ban:
    """A clause that must not be there (K5): forbidden clauses stand in templates as named blocks, so that
    their absence can be decided.

    ``clauses``: the ids that are forbidden, besides the ban's own. ``wordings``: constants of ``law.toml``
    that no clause may hold. ``unless``: a mention whose presence makes them right.
    """

    applies: Condition = always
    blocks: Condition | None = None
    clauses: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    unless: str | None = None
