"""Access tokens for a refresh token, under ``/oauth/v2``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from sandbox.adobe_sign.desk import Desk
from sandbox.adobe_sign.refusals import Refusal, answer_refusal, bad_request, unauthorized
from sandbox.adobe_sign.state import new_id

REFUSED = "refuse"
LIFE_SECONDS = 3600


def routes(desk: Desk) -> Blueprint:
    oauth = Blueprint("oauth", __name__, url_prefix="/oauth/v2")
    oauth.register_error_handler(Refusal, answer_refusal)

    @oauth.post("/refresh")
    def refresh() -> dict[str, Any]:
        asked = request.form
        if request.mimetype != "application/x-www-form-urlencoded":
            raise bad_request("invalid_request", "The body must be form-encoded.")
        wanted = ("client_id", "client_secret", "refresh_token")
        if asked.get("grant_type") != "refresh_token" or not all(asked.get(name) for name in wanted):
            raise bad_request("invalid_request", "Required parameters are missing.")
        if asked["refresh_token"] == REFUSED:
            raise unauthorized("invalid_grant", "The refresh token is invalid.")
        token = new_id("3AAABLkmtbAB")
        with desk.state.lock:
            desk.state.tokens.add(token)
        return {"access_token": token, "token_type": "Bearer", "expires_in": LIFE_SECONDS}

    return oauth
