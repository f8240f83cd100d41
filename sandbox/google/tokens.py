"""The service account's key and the token endpoint (RFC 7523, as google-auth calls it)."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

EMAIL = "paraphe@bac-a-sable.iam.gserviceaccount.com"
AUDIENCE = "https://oauth2.googleapis.com/token"  # whatever token_uri says
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME_SECONDS = 3599


class Tokens:
    """``data`` keeps the key between runs, so that settings written once stay right."""

    def __init__(self, data: Path | None) -> None:
        self._lock = Lock()
        self._file = data / "google_service_account.pem" if data else None
        self._pem: str | None = None
        self._valid_until: dict[str, float] = {}

    def revoke_all(self) -> None:
        self._valid_until.clear()

    def accepts(self, authorization: str) -> bool:
        return self._valid_until.get(authorization.removeprefix("Bearer "), 0) > time.monotonic()

    def service_account(self, token_uri: str) -> dict[str, str]:
        """The key file as the Google Cloud console hands it out."""
        return {
            "type": "service_account",
            "project_id": "bac-a-sable-sans-valeur",
            "private_key_id": "0" * 40,
            "private_key": self._private_pem(),
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
            claims = jwt.decode(assertion, certs=self._public_pem(), audience=AUDIENCE)  # type: ignore[no-untyped-call] # google-auth is not typed
        except (ValueError, GoogleAuthError):
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        if claims.get("iss") != EMAIL or claims["exp"] - claims["iat"] > 3600:
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT."}
        if "https://www.googleapis.com/auth/drive" not in str(claims.get("scope", "")).split():
            return 400, {"error": "invalid_scope", "error_description": "Empty or missing scope not allowed."}
        token = f"ya29.{secrets.token_urlsafe(32)}"
        self._valid_until[token] = time.monotonic() + LIFETIME_SECONDS
        return 200, {"access_token": token, "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"}

    def _private_pem(self) -> str:
        with self._lock:
            if self._pem is None and self._file is not None and self._file.exists():
                self._pem = self._file.read_text()
            if self._pem is None:
                self._pem = _new_key()
                if self._file is not None:
                    self._file.parent.mkdir(parents=True, exist_ok=True)
                    self._file.touch(mode=0o600)
                    self._file.write_text(self._pem)
            return self._pem

    def _public_pem(self) -> bytes:
        key = serialization.load_pem_private_key(self._private_pem().encode(), password=None)
        return key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
