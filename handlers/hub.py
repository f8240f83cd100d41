"""What the application lends its handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from connectors.signature import SignatureProvider
from connectors.sources import Source
from domain.errors import NotFound
from domain.record import Record
from settings import Settings
from store.database import Database


@dataclass(frozen=True)
class Hub:
    """``source`` and ``provider`` are only asked for what needs no network; ``check_url`` raises
    Refused for a URL that the hub must not call."""

    settings: Settings
    database: Database
    now: Callable[[], datetime]
    source: Callable[[str], Source]
    provider: Callable[[str], SignatureProvider]
    normalise: Callable[[Mapping[str, Any]], Record]
    check_url: Callable[[str], None]
    queue_ready: Callable[[], bool]
    template_names: Callable[[], tuple[str, ...]]
    templates: Callable[[], list[dict[str, Any]]]

    def follow_url(self, convention_id: str) -> str:
        """The page on which people follow a convention: whoever has the link may look."""
        return f"{self.settings.core.public_url}/suivi/{self.follow_token(convention_id)}"

    def follow_token(self, convention_id: str) -> str:
        return str(self._signer("follow").dumps(convention_id))

    def followed(self, token: str) -> str:
        """The convention's id; raises NotFound for a link that we did not make."""
        convention_id = self._read("follow", token)
        if convention_id is None:
            raise NotFound("page_not_found", "Ce lien de suivi n'est pas valable ; redemandez-le au cabinet.")
        return convention_id

    def button_url(self, button_id: str) -> str:
        """What a button opens, but for the record, which its tool puts behind it."""
        return f"{self.settings.core.public_url}/buttons/{self._signer('button').dumps(button_id)}"

    def button_id(self, token: str) -> str | None:
        """None for a token that we did not make."""
        return self._read("button", token)

    def form_token(self, session_id: str) -> str:
        """What a form of ours carries, for one signed-in browser."""
        return str(self._signer("form").dumps(session_id))

    def is_form_token(self, token: str, session_id: str) -> bool:
        return self._read("form", token) == session_id

    def _read(self, salt: str, token: str) -> str | None:
        try:
            return str(self._signer(salt).loads(token))
        except BadData:
            return None

    def _signer(self, salt: str) -> URLSafeSerializer:
        return URLSafeSerializer(self.settings.core.secret_key.get_secret_value(), salt=salt)


def hub() -> Hub:
    return cast(Hub, current_app.extensions["paraphe"])
