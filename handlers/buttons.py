"""Buttons: a link in the tool that keeps the records. GET shows what would be done, only POST does it.

The link can be read by all who see the table, so it opens nothing by itself: whoever is not signed in sees
the sign-in page alone. Scanners and prefetchers start nothing; what a look writes is one preview at a time
for each browser and record, made by a worker and forgotten within minutes.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for

from documents.pdf import picture
from domain.errors import NotFound
from handlers.button_acts import (
    READING,
    Opened,
    act,
    basis,
    is_agreed,
    is_outdated,
    is_under_way,
    may_be_replaced,
    reference,
    standing_for,
    wish,
)
from handlers.button_pages import Matter, shown
from handlers.hub import hub
from handlers.layout import WITH_FORMS, dress, see_other
from handlers.persons import ahead_of_time, person
from handlers.previews import WANTED
from store import buttons, journal, previews, steps
from store.models import Convention
from store.previews import Standing

blueprint = Blueprint("buttons", __name__, url_prefix="/buttons/<token>")
#: a preview that is older is made again when its page is opened again
_FRESH = timedelta(seconds=60)
_REFRESH_SECONDS = 4
_PICTURE_WIDTH = 1240
#: no more: the browser's own reader has styles and scripts
_AROUND_A_PDF = "frame-ancestors 'none'"
_NOT_READY = NotFound(
    "preview_not_found", "Cet aperçu n'est plus là (dix minutes au plus) ; rouvrez la page."
)


@blueprint.url_value_preprocessor
def _take_token(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.token = (values or {}).pop("token")


@blueprint.before_request
def _open() -> Response | None:
    """The button, and the record that its link names; a button that was revoked opens nothing."""
    if answer := ahead_of_time():
        return answer
    button_id = hub().button_id(g.token)
    with hub().database.reading() as session:
        button = buttons.find(session, button_id) if button_id else None
    if button is None:
        raise NotFound(
            "button_not_found",
            "Ce bouton n'existe pas ou a été révoqué ; redemandez-en un à la personne qui administre "
            "ce serveur.",
        )
    record = request.args.get("record", "")
    g.opened = Opened(button, reference(button, record), record)
    if request.method == "POST":  # what is refused leads back to the page
        g.back = url_for("buttons.show", token=g.token, record=record)
    return None


@blueprint.get("")
@person
def show() -> Response:
    opened: Opened = g.opened
    with hub().database.reading() as session:
        standing = standing_for(session, opened)
        matter = Matter(
            standing,
            its_steps=steps.of_convention(session, standing.id) if standing else [],
            reminded_at=journal.last(session, standing.id, "reminded") if standing else None,
            agreed=is_agreed(session, opened),
        )
    preview = _preview(opened, standing) if _reads(opened, standing, matter.agreed) else None
    page = shown(opened.button.action, preview, matter)
    still = request.args.get("fixe") == "1"
    response = Response()
    if page.waiting and not still:
        response.headers["Refresh"] = str(_REFRESH_SECONDS)  # to the same address, and it can be stopped
    response.data = render_template(
        "pages/button.html",
        page=page,
        token=g.token,
        record=opened.record,
        still=still,
        seen=basis(standing),
        form=hub().form_token(g.person.session_id),
        following=hub().follow_token(standing.id) if standing else None,
        email=g.person.email,
    )
    return response


@blueprint.post("")
@person
def press() -> Response:
    convention_id = act(g.opened, request.form)
    _forget_preview()  # what comes of it may be that the record is to be read again
    return see_other(url_for("pages.follow", token=hub().follow_token(convention_id)))


@blueprint.post("/relire")
@person
def read_again() -> Response:
    """The record was mended: forget what was read of it."""
    _forget_preview()
    return see_other(url_for("buttons.show", token=g.token, record=g.opened.record))


@blueprint.get("/apercu.pdf")
@person
def document() -> Response:
    response = Response(_content(), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="apercu.pdf"'
    response.headers["Content-Security-Policy"] = _AROUND_A_PDF
    return response


@blueprint.get("/page-<int:number>.png")
@person
def page(number: int) -> Response:
    drawn = picture(_content(), number, _PICTURE_WIDTH)
    if drawn is None:
        raise _NOT_READY
    return Response(drawn, content_type="image/png")


def _reads(opened: Opened, standing: Convention | None, agreed: bool) -> bool:
    """Whether the page shows the record: not when there is nothing to replace, or nothing more to send."""
    action = opened.button.action
    if action == "send":
        return not agreed and not is_under_way(standing)
    replaced = standing is not None and may_be_replaced(standing)
    return action in READING and (action != "amend" or replaced)


def _preview(opened: Opened, standing: Convention | None) -> Standing:
    """The one preview of this browser for this record: asked for when there is none that is fresh."""
    asked = wish(opened, standing, preview=True)
    wanted = {name: getattr(asked, name) for name in WANTED}
    now = hub().now()
    since = now - _FRESH
    if standing and is_outdated(standing):  # what was read before that was known is what was outdated
        since = max(since, standing.updated_at)
    with hub().database.transaction() as tx:
        previews.ask_alone(tx, now, g.person.session_id, wanted, _alone(), since)
    found = _standing_preview()
    if found is None:  # ten minutes went by between the two statements
        raise _NOT_READY
    return found


def _standing_preview() -> Standing | None:
    with hub().database.reading() as session:
        return previews.standing_alone(session, hub().now(), g.person.session_id, _alone())


def _forget_preview() -> None:
    found = _standing_preview()
    if found and (found.answer is not None or found.given_up):
        with hub().database.transaction() as tx:
            previews.forget(tx, found.id)


def _alone() -> str:
    return hashlib.sha256(
        f"{g.person.session_id} {g.opened.button.id} {g.opened.record}".encode()
    ).hexdigest()


def _content() -> bytes:
    found = _standing_preview()
    if found is None or found.content is None:
        raise _NOT_READY
    return found.content


dress(blueprint, WITH_FORMS)
