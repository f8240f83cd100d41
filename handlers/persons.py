"""People of the firm, known by the cookie that signing in gave their browser.

A cookie alone starts nothing: a form must come from a page of ours (the browser says from where) and carry
the token of that very session. An address taken off the firm's list is out at its next request.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Response, g, render_template, request

from domain.errors import Refused
from domain.people import ButtonSettings
from handlers.hub import hub
from store import people
from store.people import SESSION_LIFE, SignedIn

View = TypeVar("View", bound=Callable[..., Any])
#: what a browser says of a page that it fetches before anybody asks for it
_AHEAD = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")
_FORM_GONE = Refused(
    "form_not_ours",
    "Cette demande ne vient pas de la page affichée, ou la connexion a changé depuis : rouvrez la page et "
    "recommencez.",
)


def person(view: View) -> View:
    """Someone signed in; anybody else is shown the sign-in page, whatever they ask for."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        found = signed_in()
        if found is None:
            return sign_in_page()
        g.person = found
        if request.method == "POST":
            require_own_form()
            if not hub().is_form_token(request.form.get("jeton", ""), found.session_id):
                raise _FORM_GONE
        return view(*args, **kwargs)

    checked.__dict__["access"] = "person"
    return cast(View, checked)


def signed_in() -> SignedIn | None:
    secret = request.cookies.get(cookie_name())
    if not secret:
        return None
    with hub().database.reading() as session:
        found = people.signed_in(session, hub().now(), secret)
    return found if found and found.email in allowed() else None


def allowed() -> frozenset[str]:
    """The addresses of the firm's list."""
    section = hub().settings.section("buttons", ButtonSettings)
    return section.addresses if section else frozenset()


def sign_in_page() -> Response:
    """It says nothing of a person or of a record; the form takes back where the browser wanted to go."""
    page = render_template(
        "pages/sign_in.html",
        button=g.get("token", ""),
        record=request.args.get("record", ""),
    )
    return Response(page, status=403)


def require_own_form() -> None:
    """Raises Refused for a form that another site has sent. Browsers tell it by Sec-Fetch-Site; those that do
    not, by Origin, which is "null" for pages without a referrer, as ours are."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "null")
    if site not in (None, "same-origin") or (site is None and origin not in ("null", _own_origin())):
        raise _FORM_GONE


def ahead_of_time() -> Response | None:
    """An answer for a browser that looks before its person does, and for who only wants the headers: it
    starts nothing, and the page is asked for again when somebody wants to see it."""
    if any("prefetch" in request.headers.get(name, "").lower() for name in _AHEAD):
        return Response(status=503)
    return Response(status=200) if request.method == "HEAD" else None


def cookie_name() -> str:
    """``__Host-``: the browser takes it over https alone, for this very host, and no neighbour can set
    it."""
    return "__Host-paraphe" if _is_secure() else "paraphe"


def give_cookie(response: Response, secret: str) -> None:
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=int(SESSION_LIFE.total_seconds()),
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def take_cookie(response: Response) -> None:
    response.delete_cookie(cookie_name(), secure=_is_secure(), httponly=True, samesite="Lax", path="/")


def _is_secure() -> bool:
    return hub().settings.core.public_url.startswith("https://")


def _own_origin() -> str:
    parts = urlsplit(hub().settings.core.public_url)
    return f"{parts.scheme}://{parts.netloc}"
