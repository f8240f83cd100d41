"""The errors that cross a layer. Nothing else does.

``code`` is stable English for programs; ``detail`` is one French sentence for people that says what
is wrong and what to do. Neither may hold personal data, a secret or an echo of the input.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One faulty field: ``path`` is dotted (``client.email``), ``detail`` is French."""

    path: str
    code: str
    detail: str


class ParapheError(Exception):
    """Base of every error that the hub raises on purpose. ``errors``: one per fault, when there are several
    to tell."""

    def __init__(self, code: str, detail: str, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = errors


class Invalid(ParapheError):
    """What was sent is wrong; it will be as wrong the next time."""


class Refused(ParapheError):
    """A rule forbids it (state of the convention, missing mention, missing scope)."""


class NotFound(ParapheError):
    """The thing named does not exist, or is not visible with these rights."""


class Permanent(ParapheError):
    """The outside said no, and saying it again will not help: a person must act."""


class Retryable(ParapheError):
    """The outside is away or busy; ``after`` is the wait it asked for, in seconds."""

    def __init__(self, code: str, detail: str, after: float | None = None) -> None:
        super().__init__(code, detail)
        self.after = after


class OutOfTurn(Retryable):
    """Our own pace for a system that counts its calls: nothing was asked of it, ``after`` is the wait for a
    turn. It is no failure, however often it happens."""


class Unknown(Retryable):
    """The request left and its answer was lost: look whether it happened before repeating it."""
