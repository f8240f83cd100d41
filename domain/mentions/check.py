"""The check itself: every rule of the table over one agreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from domain.mentions.facts import Facts
from domain.mentions.law import LAW
from domain.mentions.printed import is_in, plain
from domain.mentions.report import Clause, Line, Report, Severity, Status
from domain.mentions.rule import Ban, Rule, Wanted, Words
from domain.mentions.table import RULES
from domain.record import Record


def check(record: Record, context: Mapping[str, Any], blocks: Sequence[Clause], today: date) -> Report:
    """What the law asks of ``record`` on ``today``, and whether the agreement says it.

    ``context`` is the merge context that the agreement printed, ``blocks`` its named clauses in order. A
    clause is known by its id, never by its words; what it must print is looked for in that very clause.
    """
    facts, words, found = Facts(record, today), Words(context), _Found(blocks)
    lines = tuple(_line(mention, rule, facts, words, found) for mention, rule in RULES.items())
    return Report(LAW.checked_on.isoformat(), lines)


class _Found:
    """The clauses that say something, by mention."""

    def __init__(self, blocks: Sequence[Clause]) -> None:
        self._ranks: dict[str, int] = {}
        self._texts: dict[str, str] = {}
        for rank, block in enumerate(blocks, start=1):
            text = plain(block.text)
            if not text.strip():
                continue
            for mention in block.mentions:
                self._ranks.setdefault(mention, rank)
                self._texts[mention] = f"{self._texts.get(mention, '')}\n{text}"

    def first(self, mentions: Iterable[str]) -> int | None:
        return min((self._ranks[one] for one in mentions if one in self._ranks), default=None)

    def text(self, mentions: Iterable[str]) -> str:
        return "\n".join(self._texts.get(one, "") for one in mentions)

    def holding(self, wanted: Wanted) -> int | None:
        ranks = [self._ranks[one] for one, text in self._texts.items() if _holds(text, wanted)]
        return min(ranks, default=None)


def _line(mention: str, rule: Rule | Ban, facts: Facts, words: Words, found: _Found) -> Line:
    law = LAW.mentions[mention]
    applies = rule.applies(facts)
    blocks = rule.blocks(facts) if rule.blocks else law.severity == "blocking"
    severity = Severity.BLOCKING if blocks else Severity.WARNING
    if isinstance(rule, Ban):
        status, where = _forbidden(mention, rule, found)
    else:
        where = found.first([mention])
        status = _said(mention, rule, facts, words, found) if applies else Status.NOT_APPLICABLE
        if status is Status.OK and not _prints(mention, rule, rule.advised(facts, words), found):
            status, severity = Status.VALUE_MISSING, Severity.WARNING
    return Line(
        id=mention,
        label=law.label,
        article=law.article,
        applies=applies,
        present=where is not None,
        severity=severity,
        status=status if applies else Status.NOT_APPLICABLE,
        where=where,
    )


def _said(mention: str, rule: Rule, facts: Facts, words: Words, found: _Found) -> Status:
    if found.first([mention]) is None:
        return Status.MISSING
    lawful = all(_holds(found.text([mention]), LAW.wordings[name]) for name in rule.wordings)
    if lawful and _prints(mention, rule, rule.values(facts, words), found):
        return Status.OK
    return Status.VALUE_MISSING


def _prints(mention: str, rule: Rule, values: Iterable[Wanted], found: _Found) -> bool:
    text = found.text(dict.fromkeys((mention, *rule.beside)))
    return all(_holds(text, wanted) for wanted in values)


def _forbidden(mention: str, ban: Ban, found: _Found) -> tuple[Status, int | None]:
    if ban.unless is not None and found.first([ban.unless]) is not None:
        return Status.OK, found.first([ban.unless])
    named = found.first([*ban.clauses, *([] if ban.unless == mention else [mention])])
    worded = [found.holding(LAW.wordings[name]) for name in ban.wordings]
    where = min((rank for rank in (named, *worded) if rank is not None), default=None)
    return (Status.OK if where is None else Status.FORBIDDEN), where


def _holds(text: str, wanted: Wanted) -> bool:
    return any(is_in(form, text) for form in wanted)
