"""Every error, on every route, as RFC 9457 ``application/problem+json``, or as a page where a person reads.
``detail`` is French and safe: no personal data, no echo of the input."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Flask, Response, g, json, request
from werkzeug.exceptions import HTTPException

import logs
from domain.errors import FieldError, Invalid, NotFound, ParapheError, Permanent, Refused, Retryable
from handlers import layout
from store.database import UNAVAILABLE

_log = logs.get("web")

#: HTTP status -> (code, detail) for what Flask itself refuses
_STANDARD = {
    400: ("bad_request", "La requête est mal formée ; vérifiez sa syntaxe."),
    404: ("not_found", "Cette adresse n'existe pas ; vérifiez le chemin dans la documentation (/docs)."),
    405: ("method_not_allowed", "Cette adresse n'accepte pas cette méthode ; voyez /docs."),
    413: ("body_too_large", "La requête est trop volumineuse ; réduisez-la."),
    415: ("unsupported_media_type", "Le corps doit être du JSON (Content-Type: application/json)."),
}
_INTERNAL = (
    "internal_error",
    "Une erreur imprévue s'est produite de notre côté ; réessayez, puis prévenez l'administrateur.",
)

TITLES = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Content too large",
    415: "Unsupported media type",
    422: "Unprocessable content",
    500: "Internal server error",
    503: "Service unavailable",
}


class Unauthorized(ParapheError):
    """No key, or not one of ours."""


_STATUS: dict[type[ParapheError], int] = {Unauthorized: 401, NotFound: 404, Retryable: 503, Permanent: 422}


def problem(
    status: int, code: str, detail: str, errors: tuple[FieldError, ...] = (), **extra: Any
) -> Response:
    body: dict[str, Any] = {
        "type": f"/docs#probleme-{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": g.get("request_id"),
        "retryable": status in (429, 503),
        **extra,
    }
    if errors:
        body["errors"] = [asdict(fault) for fault in errors]
    response = Response(json.dumps(body), status=status, content_type="application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Paraphe"'
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def install(app: Flask) -> None:
    app.register_error_handler(ParapheError, _ours)
    app.register_error_handler(HTTPException, _standard)
    for kind in UNAVAILABLE:
        app.register_error_handler(kind, _database_away)
    app.register_error_handler(Exception, _unforeseen)


def status_of(error: ParapheError) -> int:
    if isinstance(error, Invalid):
        return 400 if error.code.startswith("body_") else 422
    if isinstance(error, Refused):
        return 403 if error.code == "scope_missing" else 422
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


def _ours(error: ParapheError) -> Response:
    return _told(error, status_of(error))


def _told(error: ParapheError, status: int) -> Response:
    if layout.read_by_a_person():
        return layout.error_page(error, status)
    return problem(status, error.code, error.detail, error.errors)


def _standard(error: HTTPException) -> Response:
    status = error.code or 500
    code, detail = _STANDARD.get(status, _INTERNAL if status >= 500 else _STANDARD[400])
    response = _told(ParapheError(code, detail), status)
    if status == 413:  # the rest of the body stays unread, and would be taken for the next request
        response.headers["Connection"] = "close"
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def _database_away(error: Exception) -> Response:
    """Nothing was written: the caller, or the provider, may safely call again."""
    _log.error("database_unavailable", exc_info=error, extra=_where())
    return _ours(
        Retryable("database_unavailable", "La base de données ne répond pas ; réessayez dans un instant.")
    )


def _unforeseen(error: Exception) -> Response:
    _log.error("request_crashed", exc_info=error, extra=_where())
    return _told(ParapheError(*_INTERNAL), 500)


def _where() -> dict[str, Any]:
    return {"route": request.url_rule.rule if request.url_rule else None, "request": g.get("request_id")}
