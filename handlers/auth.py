"""Who calls: ``Authorization: Bearer``, ``X-API-Key``, or basic with the key as user.

Every route declares its need with ``needs(scope)`` or ``public``, or ``person`` (``handlers/persons.py``);
a test walks the application and refuses one that declares nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request
from werkzeug.exceptions import BadRequest

from domain.errors import Refused
from domain.identifiers import actor
from handlers.hub import hub
from handlers.problems import Unauthorized
from store import keys
from store.models import ApiKey

View = TypeVar("View", bound=Callable[..., Any])


def needs(scope: str | None) -> Callable[[View], View]:
    """The caller's key must hold ``scope``; None: any live key."""

    def declare(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            _refuse_null()
            g.caller = _authenticate()
            if scope and scope not in g.caller.scopes:
                raise Refused(
                    "scope_missing", f"Cette clé n'a pas le droit « {scope} » ; créez-en une qui l'a."
                )
            return view(*args, **kwargs)

        checked.__dict__["access"] = scope or "any key"
        return cast(View, checked)

    return declare


def public(view: View) -> View:
    view.__dict__["access"] = "public"
    return view


def caller() -> ApiKey:
    return cast(ApiKey, g.caller)


def made_by() -> str:
    """Who asks, as a convention keeps it: a caller's key, or a person who has signed in."""
    return str(g.person.person_id if "person" in g else g.caller.id)


def asker() -> str:
    """Who asks, as the journal names it."""
    return actor(made_by())


def _refuse_null() -> None:
    """Of all that an address may hold, U+0000 alone cannot even be looked for in PostgreSQL."""
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        raise BadRequest


def _authenticate() -> ApiKey:
    presented = _presented()
    if not presented:
        raise Unauthorized(
            "key_missing",
            "Aucune clé n'accompagne la requête ; ajoutez l'en-tête « Authorization: Bearer <clé> ».",
        )
    with hub().database.reading() as session:
        found = keys.find(session, presented)
    if found is None:
        raise Unauthorized(
            "key_refused", "Cette clé est inconnue ou révoquée ; vérifiez-la ou créez-en une autre."
        )
    return found


def _presented() -> str:
    given = request.authorization
    if given and given.type == "bearer":
        return given.token or ""
    if given and given.type == "basic":
        return given.username or ""
    return request.headers.get("X-API-Key", "")
