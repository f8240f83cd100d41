"""What a provider's stand-in lends to its signing pages and to its controls: requests, their signers, and
the moves that a signer makes at the counter.

A provider says how its requests look (``look``, ``summary``) and which moves there are (``Moves``); the way
from the secret of a link to a signer is the same at all of them.
"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar


class NoSuchLink(Exception):
    """The token is nobody's, or its request was deleted or is still a draft."""


class TooLate(Exception):
    """The move is not allowed any more: the page shows how things stand instead."""


@dataclass(frozen=True)
class Paper:
    """``sealed`` is the final form, once everybody has signed."""

    id: str
    name: str
    content: bytes
    sealed: bytes | None

    @property
    def current(self) -> bytes:
        return self.sealed or self.content


@dataclass(frozen=True)
class Code:
    """A one-time code, sent by SMS or by e-mail to an address shown half hidden."""

    is_sms: bool
    address: str
    value: str | None


@dataclass(frozen=True)
class View:
    """One signer's request. ``situation`` is ``reading``, ``confirming`` (has accepted), ``waiting`` (for
    a turn), ``signed``, ``completed`` (by all), ``declined``, ``canceled`` or ``expired``. ``code`` is
    None when no code is asked; ``left`` counts those who have yet to sign."""

    situation: str
    request_name: str
    papers: tuple[Paper, ...]
    signer_name: str
    has_declined: bool
    may_decline: bool
    expires_at: datetime
    timezone: str
    signed_at: datetime | None
    left: int
    code: Code | None
    return_url: str | None = None


class SignerLike(Protocol):
    """``token`` is the secret of the signing link; ``code`` the one-time code last sent."""

    @property
    def id(self) -> str: ...

    @property
    def token(self) -> str: ...

    @property
    def code(self) -> str | None: ...

    @property
    def is_waiting(self) -> bool:
        """A signature may still come."""
        ...


R = TypeVar("R")
S = TypeVar("S", bound=SignerLike)
R_contra = TypeVar("R_contra", contravariant=True)
S_contra = TypeVar("S_contra", contravariant=True)


class Moves(Protocol[R_contra, S_contra]):
    """They raise the provider's refusal when they are not allowed; ``sign`` is False for a wrong code."""

    def open(self, request: R_contra, signer: S_contra, ip_address: str, /) -> None: ...

    def consent(self, request: R_contra, signer: S_contra, /) -> None: ...

    def send_code(self, request: R_contra, signer: S_contra, /) -> None: ...

    def sign(self, request: R_contra, signer: S_contra, code: str | None, /) -> bool: ...

    def decline(self, request: R_contra, signer: S_contra, reason: str, /) -> None: ...

    def expire(self, request: R_contra, /) -> None: ...

    def expire_overdue(self, request: R_contra, /) -> None: ...


class Counter(ABC, Generic[R, S]):
    """Every call is made with ``lock`` held. ``view`` raises NoSuchLink, the moves by token TooLate."""

    def __init__(
        self, lock: AbstractContextManager[object], moves: Moves[R, S], refusal: type[Exception]
    ) -> None:
        self.lock, self.moves, self._refusal = lock, moves, refusal

    @abstractmethod
    def requests(self) -> Iterable[R]: ...

    @abstractmethod
    def request(self, request_id: str) -> R:
        """Raises the provider's refusal of an unknown one."""

    @abstractmethod
    def signers(self, request: R) -> Sequence[S]:
        """In the order in which they are asked."""

    @abstractmethod
    def is_out(self, request: R) -> bool:
        """Its links lead somewhere."""

    @abstractmethod
    def look(self, request: R, signer: S) -> View: ...

    @abstractmethod
    def summary(self, request: R) -> dict[str, Any]:
        """As ``GET _control/signature_requests`` shows it."""

    def view(self, token: str) -> View:
        return self.look(*self._found(token))

    def open(self, token: str, ip_address: str) -> None:
        self.moves.open(*self._found(token), ip_address)

    def consent(self, token: str) -> None:
        self._move(token, self.moves.consent)

    def send_code(self, token: str) -> None:
        self._move(token, self.moves.send_code)

    def sign(self, token: str, code: str | None) -> bool:
        return self.moves.sign(*self._found(token), code)

    def decline(self, token: str, reason: str) -> None:
        self._move(token, lambda request, signer: self.moves.decline(request, signer, reason))

    def _move(self, token: str, move: Callable[[R, S], None]) -> None:
        try:
            move(*self._found(token))
        except self._refusal:
            raise TooLate from None

    def _found(self, token: str) -> tuple[R, S]:
        for request in self.requests():
            for signer in self.signers(request):
                if secrets.compare_digest(signer.token, token) and self.is_out(request):
                    self.moves.expire_overdue(request)
                    return request, signer
        raise NoSuchLink
