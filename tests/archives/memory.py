"""The hub's first-writer-wins memory, as a dictionary: the seam that ``Services`` is."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from connectors import Services
from tests.fixtures.services import services


class Memory:
    def __init__(self) -> None:
        self._lock = Lock()
        self.claims: dict[tuple[str, str], str] = {}

    def claim(self, scope: str, key: str, proposal: str) -> str:
        with self._lock:
            return self.claims.setdefault((scope, key), proposal)

    def forget(self, scope: str, key: str, value: str) -> None:
        with self._lock:
            if self.claims.get((scope, key)) == value:
                del self.claims[scope, key]

    def services(self) -> Services:
        return replace(services(), claim=self.claim, forget=self.forget)
