"""What the check of one agreement found. Holds no personal data: it is stored in clear, and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from domain.errors import FieldError


class Severity(StrEnum):
    BLOCKING = "blocking"
    WARNING = "warning"


class Method(StrEnum):
    """``blocks``: the named clauses of the Word document. ``text``: only the text of a PDF made elsewhere."""

    BLOCKS = "blocks"
    TEXT = "text"


class Status(StrEnum):
    """``value_missing``: the clause is there, and lacks what it must print or the words of the law.
    ``advised``: it lacks only what it had better print. ``unverified``: there is no way to know."""

    OK = "ok"
    MISSING = "missing"
    VALUE_MISSING = "value_missing"
    ADVISED = "advised"
    FORBIDDEN = "forbidden"
    UNVERIFIED = "unverified"
    NOT_APPLICABLE = "not_applicable"


RIGHT = (Status.OK, Status.NOT_APPLICABLE)
SAID = {
    Status.MISSING: "la clause manque",
    Status.VALUE_MISSING: "la clause n'imprime pas tout ce qu'elle doit",
    Status.FORBIDDEN: "la clause ne doit pas y être",
}


@dataclass(frozen=True)
class Clause:
    """A named block of the agreement as merged: the mentions it carries, and its text."""

    mentions: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Line:
    """``where`` is the rank of the clause in the document, from 1; ``fix``, for a wrong mention, one French
    sentence that says what to do when neither the template nor the record is at fault."""

    id: str
    label: str
    article: str
    applies: bool
    present: bool
    severity: Severity
    status: Status
    where: int | None
    fix: str | None = None


@dataclass(frozen=True)
class Report:
    """``checked_on`` is the day on which the law's texts were last checked; ``method``, how the agreement
    was looked at."""

    checked_on: date
    method: Method
    lines: tuple[Line, ...]

    @property
    def checked(self) -> int:
        """How many rules applied."""
        return sum(line.applies for line in self.lines)

    @property
    def blocking(self) -> tuple[Line, ...]:
        """What forbids the sending."""
        return tuple(one for one in self._wrong() if one.severity is Severity.BLOCKING)

    @property
    def warnings(self) -> tuple[Line, ...]:
        return tuple(one for one in self._wrong() if one.severity is Severity.WARNING)

    def errors(self) -> tuple[FieldError, ...]:
        """One per blocking line, for who must mend the template or the record."""
        return tuple(
            FieldError(
                one.id,
                f"mention_{one.status.value}",
                f"{one.label} ({one.article}) : {SAID[one.status]}.{f' {one.fix}' if one.fix else ''}",
            )
            for one in self.blocking
        )

    def as_data(self) -> dict[str, Any]:
        """Plain JSON; ``read`` takes it back."""
        lines = [asdict(line) for line in self.lines]
        return {"checked_on": self.checked_on.isoformat(), "method": self.method.value, "lines": lines}

    def _wrong(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.status not in RIGHT)


def read(data: Mapping[str, Any]) -> Report:
    """A report from what ``as_data`` gave."""
    return Report(
        date.fromisoformat(data["checked_on"]),
        Method(data["method"]),
        tuple(
            Line(**{**line, "severity": Severity(line["severity"]), "status": Status(line["status"])})
            for line in data["lines"]
        ),
    )
