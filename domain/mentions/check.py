"""The check itself: every rule of the table over one agreement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from domain.mentions.facts import Facts
from domain.mentions.law import LAW
from domain.mentions.printed import is_in, plain
from domain.mentions.report import RIGHT, Clause, Line, Method, Report, Severity, Status
from domain.mentions.rule import Ban, Rule, Wanted, Words
from domain.mentions.table import RULES
from domain.record import Record

Judged = tuple[Status, int | None]
Judge = Callable[[str, Rule | Ban, Facts, Words], Judged]


def check(record: Record, context: Mapping[str, Any], blocks: Sequence[Clause], today: date) -> Report:
    """What the law asks of ``record`` on ``today``, and whether the agreement says it.

    ``context`` is the merge context that the agreement printed, ``blocks`` its named clauses in order. A
    clause is known by its id, never by its words; what it must print is looked for in that very clause.
    """
    found = _Found(blocks)

    def judge(mention: str, rule: Rule | Ban, facts: Facts, words: Words) -> Judged:
        if isinstance(rule, Ban):
            return _forbidden(mention, rule, found)
        return _said(mention, rule, facts, words, found), found.first([mention])

    return Report(LAW.checked_on, Method.BLOCKS, _lines(record, context, today, judge))


def check_text(record: Record, context: Mapping[str, Any], text: str, today: date) -> Report:
    """The same when another firm merged the document and nothing names its clauses.

    What a clause must print is looked for in the whole ``text``. A clause that must print nothing known, and
    a forbidden one that has no words of its own, cannot be decided: ``unverified``, a warning, for somebody
    to read the document.
    """
    whole = plain(text)

    def judge(_: str, rule: Rule | Ban, facts: Facts, words: Words) -> Judged:
        lawful = [LAW.wordings[name] for name in rule.wordings]
        if isinstance(rule, Ban):
            caught = any(_holds(whole, wanted) for wanted in lawful)
            return (Status.FORBIDDEN if caught else Status.UNVERIFIED), None
        proofs = [*lawful, *rule.values(facts, words)]
        if not proofs:
            return Status.UNVERIFIED, None
        return (Status.OK if all(_holds(whole, wanted) for wanted in proofs) else Status.MISSING), None

    return Report(LAW.checked_on, Method.TEXT, _lines(record, context, today, judge))


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


def _lines(record: Record, context: Mapping[str, Any], today: date, judge: Judge) -> tuple[Line, ...]:
    words = Words(context)
    facts = Facts(record, today, court_dues=words.has("droits"))
    return tuple(_line(mention, rule, facts, words, judge) for mention, rule in RULES.items())


def _line(mention: str, rule: Rule | Ban, facts: Facts, words: Words, judge: Judge) -> Line:
    law = LAW.mentions[mention]
    applies = rule.applies(facts)
    status, where = judge(mention, rule, facts, words)
    blocks = rule.blocks(facts) if rule.blocks else law.severity == "blocking"
    if status is Status.ADVISED or status is Status.UNVERIFIED:
        blocks = False
    unset = isinstance(rule, Rule) and not all(words.has(name) for name in rule.needs)
    return Line(
        id=mention,
        label=law.label,
        article=law.article,
        applies=applies,
        present=where is not None or (applies and status is Status.OK and isinstance(rule, Rule)),
        severity=Severity.BLOCKING if blocks else Severity.WARNING,
        status=status if applies else Status.NOT_APPLICABLE,
        where=where,
        fix=rule.fix if unset and applies and isinstance(rule, Rule) and status not in RIGHT else None,
    )


def _said(mention: str, rule: Rule, facts: Facts, words: Words, found: _Found) -> Status:
    if found.first([mention]) is None:
        return Status.MISSING
    text = found.text(dict.fromkeys((mention, *rule.beside)))
    lawful = all(_holds(found.text([mention]), LAW.wordings[name]) for name in rule.wordings)
    if not (lawful and all(_holds(text, wanted) for wanted in rule.values(facts, words))):
        return Status.VALUE_MISSING
    advised = all(_holds(text, wanted) for wanted in rule.advised(facts, words))
    return Status.OK if advised else Status.ADVISED


def _forbidden(mention: str, ban: Ban, found: _Found) -> Judged:
    excuse = found.first([ban.unless]) if ban.unless else None
    if excuse is not None:
        return Status.OK, excuse
    named = found.first([*ban.clauses, *([] if ban.unless == mention else [mention])])
    worded = [found.holding(LAW.wordings[name]) for name in ban.wordings]
    where = min((rank for rank in (named, *worded) if rank is not None), default=None)
    return (Status.OK if where is None else Status.FORBIDDEN), where


def _holds(text: str, wanted: Wanted) -> bool:
    return any(is_in(form, text) for form in wanted)
