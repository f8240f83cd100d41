"""Everything that speaks to the outside, one file per system.

A connector is a class with a pydantic ``Config`` (its settings, read from ``PARAPHE_<NAME>_*`` by
``settings.py``) built as ``Connector(config, services)``. The registries (``connectors/sources``,
``converters``, ``signature``, ``archives``) are the only places that name connectors.

A connector turns every failure into an error of ``domain.errors`` and knows nothing of the database,
of Flask or of the queue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from connectors.outbound_guard import Guarded

#: the name under which a connector that is called (``verify``, ``echo``, ``hear``) finds, among the headers,
#: the query string of the address that was called; no header can have it
QUERY = ":query"


class Tokens(Protocol):
    """Access tokens shared by all processes. ``scope`` names the system and the credential."""

    def fresh(self, scope: str, now: datetime) -> str | None:
        """One that still lives a minute, or None."""
        ...

    def keep(self, scope: str, token: str, expires_at: datetime) -> None: ...

    def drop(self, scope: str, token: str) -> None:
        """Forget ``token`` unless a newer one stands."""
        ...


@dataclass(frozen=True)
class Services:
    """What the hub lends its connectors.

    ``now`` is the clock (aware, UTC). ``claim(scope, key, proposal)`` writes ``proposal`` under
    (scope, key) unless a value stands there, and returns the value that stands: the first writer
    wins, over all processes and for good. ``forget(scope, key, value)`` removes it if it is still
    ``value``. ``turn(scope, interval, longest)`` books the next call of a system that counts them, over all
    processes: the seconds to wait for it; beyond ``longest`` nothing is booked. ``seal(content, place)`` and
    ``unseal`` encrypt under the hub's key ring what leaves for a store that must not read it; ``unseal``
    raises ValueError. ``guarded`` calls addresses that may lead anywhere.
    """

    now: Callable[[], datetime]
    claim: Callable[[str, str, str], str]
    forget: Callable[[str, str, str], None]
    tokens: Tokens
    turn: Callable[[str, float, float], float]
    seal: Callable[[bytes, str], bytes]
    unseal: Callable[[bytes, str], bytes]
    guarded: Guarded


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what works, or what does not and what to do (French)."""

    ok: bool
    text: str
