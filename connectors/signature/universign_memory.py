"""What the hub remembers of Universign, which has neither a search nor an idempotency key."""

from __future__ import annotations

from connectors import Services

_NOBODY = "-"


class Memory:
    """One subject (reference -> transaction, say); shared by all processes, first writer wins."""

    def __init__(self, services: Services, scope: str) -> None:
        self._services, self._scope = services, scope

    def keep(self, key: str, value: str) -> str:
        """The value that stands, which is ``value`` if it is the first."""
        while (standing := self._services.claim(self._scope, key, value)) == _NOBODY:
            self._services.forget(self._scope, key, _NOBODY)  # somebody is only looking
        return standing

    def find(self, key: str) -> str | None:
        """Claims can only be read by claiming: a value that is none is left for a moment."""
        standing = self._services.claim(self._scope, key, _NOBODY)
        if standing != _NOBODY:
            return standing
        self._services.forget(self._scope, key, _NOBODY)
        return None

    def drop(self, key: str, value: str) -> None:
        self._services.forget(self._scope, key, value)
