"""The subscription: one webhook for the account, at the address of the hub with our token."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

from connectors.signature import adobe_sign_callbacks as callbacks
from connectors.signature.adobe_sign_api import AdobeApi
from connectors.signature.adobe_sign_shapes import Created, Webhook, WebhookPage


class Webhooks:
    def __init__(self, api: AdobeApi) -> None:
        self._api = api

    def subscribe(self, callback_url: str, ours: str | None) -> str:
        """An existing webhook for this address is told again, and enabled again, instead of made twice.
        Without a token of ours one is drawn."""
        found = next((one for one in self._all() if _is_for(callback_url, one.url, ours)), None)
        token = ours or (_token(found.url) if found else secrets.token_urlsafe(24))
        if found is None:
            address = f"{callback_url}?{urlencode({callbacks.TOKEN: token})}"
            self._api.ask(Created, "POST", "/webhooks", json=callbacks.subscription_body(address))
        elif found.status == "INACTIVE":
            self._enable(found)
        if token == ours:
            return f"Adobe Acrobat Sign préviendra {callback_url}, avec le jeton déjà réglé."
        return (
            f"Adobe Acrobat Sign préviendra {callback_url}. Gardez ce jeton dans le réglage "
            f"PARAPHE_ADOBE_SIGN_WEBHOOK_SECRET : {token}"
        )

    def are_disabled(self, tokens: Iterable[str]) -> bool:
        """Whether Adobe has given up on a webhook of ours, known by its token."""
        ours = set(tokens)
        return any(one.status == "INACTIVE" and _token(one.url) in ours for one in self._all())

    def _all(self) -> list[Webhook]:
        found, cursor = [], ""
        while True:
            params = {"showInActiveWebhooks": "true"} | ({"cursor": cursor} if cursor else {})
            page = self._api.ask(WebhookPage, "GET", "/webhooks", params=params)
            found += page.user_webhook_list
            if not (cursor := page.page.next_cursor or ""):
                return found

    def _enable(self, webhook: Webhook) -> None:
        path = f"/webhooks/{webhook.id}"
        _, etag = self._api.fetch(Webhook, path)
        headers = {"If-Match": etag} if etag else {}
        self._api.request("PUT", f"{path}/state", json={"state": "ACTIVE"}, headers=headers)


def _is_for(callback_url: str, url: str, token: str | None) -> bool:
    """With a token of ours only an address that bears it counts: a new token needs a new webhook."""
    return url.partition("?")[0] == callback_url and (_token(url) == token if token else bool(_token(url)))


def _token(url: str) -> str:
    return callbacks.token_in(urlsplit(url).query)
