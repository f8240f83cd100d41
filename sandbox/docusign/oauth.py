"""The token endpoint (JWT grant), the page on which the user consents, and who the user is."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
from flask import Blueprint, Response, redirect, request
from markupsafe import escape
from werkzeug.wrappers import Response as AnyResponse

from sandbox.docusign.desk import Desk
from sandbox.docusign.state import ACCOUNT_ID, INTEGRATION_KEY, USER_ID, now

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME_SECONDS = 3600
PUBLIC_KEY = (Path(__file__).parent / "integration.pem").read_text(encoding="ascii")
#: the redirections that the integration allows: the hub's default, and addresses of this machine
REDIRECTIONS = ("www.docusign.com", "127.0.0.1", "localhost")

Answer = tuple[dict[str, Any], int]


def routes(desk: Desk) -> Blueprint:
    oauth = Blueprint("oauth", __name__, url_prefix="/oauth")
    state = desk.state

    @oauth.post("/token")
    def token() -> Answer:
        if request.form.get("grant_type") != GRANT:
            return {"error": "unsupported_grant_type"}, 400
        if fault := _fault(request.form.get("assertion", "")):
            return {"error": "invalid_grant", "error_description": fault}, 400
        with state.lock:
            if not state.switchboard.has_consent:
                return {"error": "consent_required"}, 400
            made = secrets.token_urlsafe(32)
            state.tokens[made] = now() + timedelta(seconds=LIFETIME_SECONDS)
        return {"access_token": made, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS}, 200

    @oauth.get("/userinfo")
    def userinfo() -> Answer:
        with state.lock:
            if not desk.accepts(request.headers.get("Authorization", "")):
                return {"error": "internal_server_error", "reference_id": USER_ID}, 401
        account = {
            "account_id": ACCOUNT_ID,
            "is_default": True,
            "account_name": "Bac à sable",
            "base_uri": request.url_root.rstrip("/"),
        }
        return {"sub": USER_ID, "name": "Bac À Sable", "accounts": [account]}, 200

    @oauth.get("/auth")
    def ask_consent() -> Response | tuple[str, int]:
        if request.args.get("client_id") != INTEGRATION_KEY or not _is_allowed(_target()):
            return "The client id or the redirect uri is not registered.", 400
        page = (
            '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Accord · Bac à sable</title>'
            "<p>BAC À SABLE, SANS VALEUR</p><h1>Autoriser Paraphe à agir en votre nom ?</h1>"
            f'<form method="post"><input type="hidden" name="redirect_uri" value="{escape(_target())}">'
            "<button>Autoriser</button></form></html>"
        )
        return Response(page, mimetype="text/html")

    @oauth.post("/auth")
    def consent() -> AnyResponse | tuple[str, int]:
        target = request.form.get("redirect_uri", "")
        if not _is_allowed(target):
            return "The redirect uri is not registered.", 400
        with state.lock:
            state.switchboard.has_consent = True
        return redirect(f"{target}?code=bac-a-sable")

    return oauth


def _fault(assertion: str) -> str | None:
    """What DocuSign would refuse in this assertion."""
    try:
        claims = jwt.decode(
            assertion,
            PUBLIC_KEY,
            algorithms=["RS256"],
            audience=request.host,
            options={"require": ["exp", "iat"]},
        )
    except jwt.PyJWTError:
        return "no_valid_keys_or_signatures"
    if claims.get("iss") != INTEGRATION_KEY:
        return "issuer_not_found"
    if claims.get("sub") != USER_ID:
        return "user_not_found"
    if claims["exp"] - claims["iat"] > 3600:
        return "expired_or_too_long"
    return (
        None if {"signature", "impersonation"} <= set(str(claims.get("scope")).split()) else "invalid_scope"
    )


def _target() -> str:
    return request.args.get("redirect_uri", "")


def _is_allowed(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname in REDIRECTIONS
