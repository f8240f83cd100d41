"""The service account's key and the token endpoint (RFC 7523, as google-auth calls it)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

from sandbox.google.refusals import Refusal, unauthorised

EMAIL = "paraphe@bac-a-sable.iam.gserviceaccount.com"
AUDIENCE = "https://oauth2.googleapis.com/token"  # whatever token_uri says
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME_SECONDS = 3599
SCOPES = frozenset(f"https://www.googleapis.com/auth/{name}" for name in ("drive", "spreadsheets"))


class Tokens:
    """The key is the same everywhere, so that settings written once stay right; it opens nothing else."""

    def __init__(self) -> None:
        self._granted: dict[str, tuple[float, frozenset[str]]] = {}

    def revoke_all(self) -> None:
        self._granted.clear()

    def require(self, authorization: str, scopes: Iterable[str]) -> None:
        """Raises Refusal 401 without a token that is good, 403 when none of ``scopes`` was granted to it."""
        valid_until, granted = self._granted.get(authorization.removeprefix("Bearer "), (0.0, frozenset()))
        if valid_until <= time.monotonic():
            raise unauthorised()
        if not granted.intersection(scopes):
            raise Refusal(403, "insufficientPermissions", "Request had insufficient authentication scopes.")

    def service_account(self, token_uri: str) -> dict[str, str]:
        """The key file as the Google Cloud console hands it out."""
        return {
            "type": "service_account",
            "project_id": "bac-a-sable-sans-valeur",
            "private_key_id": "0" * 40,
            "private_key": self._private_pem,
            "client_email": EMAIL,
            "client_id": "100000000000000000000",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        }

    def grant(self, grant_type: str, assertion: str) -> tuple[int, dict[str, Any]]:
        """(status, body) of the token endpoint."""
        if grant_type != GRANT:
            return 400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type"}
        try:
            claims = jwt.decode(assertion, certs=self._public_pem, audience=AUDIENCE)  # type: ignore[no-untyped-call] # google-auth is not typed
        except (ValueError, GoogleAuthError):
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        if claims.get("iss") != EMAIL or claims["exp"] - claims["iat"] > 3600:
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT."}
        scopes = frozenset(str(claims.get("scope", "")).split()) & SCOPES
        if not scopes:
            return 400, {"error": "invalid_scope", "error_description": "Empty or missing scope not allowed."}
        token = f"ya29.{secrets.token_urlsafe(32)}"
        self._granted[token] = time.monotonic() + LIFETIME_SECONDS, scopes
        return 200, {"access_token": token, "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"}

    @cached_property
    def _private_pem(self) -> str:
        return Path(__file__).with_name("service_account.pem").read_text()

    @cached_property
    def _public_pem(self) -> bytes:
        key = serialization.load_pem_private_key(self._private_pem.encode(), password=None)
        return key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
