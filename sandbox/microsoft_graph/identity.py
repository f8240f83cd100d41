"""Microsoft Entra's token endpoint: one directory, one application, by its secret or its certificates."""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from flask import Blueprint, request

from sandbox.microsoft_graph.library import Library

TENANT = "00000000-0000-0000-0000-000000bac5ab"
CLIENT_ID = "11111111-0000-0000-0000-000000bac5ab"
CLIENT_SECRET = "secret-du-bac-a-sable"
LIFETIME_SECONDS = 3599
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

Answer = tuple[dict[str, Any], int]


@dataclass
class Identity:
    """The tokens handed out and the certificates that a person has put there, by SHA-256 thumbprint."""

    tokens: dict[str, float] = field(default_factory=dict)
    certificates: dict[str, x509.Certificate] = field(default_factory=dict)

    def reset(self) -> None:
        self.tokens.clear()
        self.certificates.clear()

    def accepts(self, authorization: str) -> bool:
        return self.tokens.get(authorization.removeprefix("Bearer "), 0) > time.monotonic()

    def register(self, pem: str) -> None:
        found = x509.load_pem_x509_certificate(pem.encode())
        digest = found.fingerprint(hashes.SHA256())
        self.certificates[base64.urlsafe_b64encode(digest).decode().rstrip("=")] = found

    def grant(self) -> Answer:
        fresh = secrets.token_urlsafe(40)
        self.tokens[fresh] = time.monotonic() + LIFETIME_SECONDS
        life = {"expires_in": LIFETIME_SECONDS, "ext_expires_in": LIFETIME_SECONDS}
        return {"token_type": "Bearer", "access_token": fresh, **life}, 200

    def signed(self, assertion: str) -> bool:
        """Whether the assertion is for this endpoint and signed by a certificate that is registered."""
        try:
            thumbprint = str(jwt.get_unverified_header(assertion).get("x5t#S256")).rstrip("=")
            known = self.certificates.get(thumbprint)
            if known is None:
                return False
            claims = jwt.decode(
                assertion,
                known.public_key(),  # type: ignore[arg-type] # a wrong kind of key is refused like a wrong one
                algorithms=["PS256"],
                audience="https://" + request.base_url.partition("://")[2],
                options={"require": ["exp", "jti"]},
            )
        except jwt.PyJWTError:
            return False
        return claims.get("iss") == claims.get("sub") == CLIENT_ID


def identity_routes(identity: Identity, library: Library) -> Blueprint:
    routes = Blueprint("identity", __name__)

    @routes.post("/<tenant>/oauth2/v2.0/token")
    def token(tenant: str) -> Answer:
        return _refused(identity, tenant, expired=library.settings.secret_expired) or identity.grant()

    @routes.post("/_control/revoke")
    def revoke() -> dict[str, Any]:
        identity.tokens.clear()
        return {}

    @routes.post("/_control/certificates")
    def register() -> dict[str, Any]:
        identity.register(request.get_json()["pem"])
        return {}

    return routes


def _refused(identity: Identity, tenant: str, *, expired: bool) -> Answer | None:
    form = request.form
    by_certificate = form.get("client_assertion_type") == ASSERTION
    checks = [
        (tenant == TENANT, 400, "invalid_request", 90002),
        (form.get("grant_type") == "client_credentials", 400, "unsupported_grant_type", 70003),
        (form.get("client_id") == CLIENT_ID, 400, "unauthorized_client", 700016),
        (form.get("scope") == "https://graph.microsoft.com/.default", 400, "invalid_scope", 1002012),
    ]
    if by_certificate:
        checks.append((identity.signed(form.get("client_assertion", "")), 401, "invalid_client", 700027))
    else:
        checks.append((form.get("client_secret") == CLIENT_SECRET, 401, "invalid_client", 7000215))
        checks.append((not expired, 401, "invalid_client", 7000222))
    for good, status, error, number in checks:
        if not good:
            return _refusal(status, error, number)
    return None


def _refusal(status: int, error: str, number: int) -> Answer:
    described = {"error_description": f"AADSTS{number}: refused.", "error_codes": [number]}
    return {"error": error, **described}, status
