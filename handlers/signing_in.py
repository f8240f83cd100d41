"""Signing in without a password: a link is mailed to an address of the firm's list.

The answer is the same whoever asks. The link holds a secret and nothing else; it works in any browser, since
mail is often read elsewhere: it signs in the browser that uses it, never the one that asked. Opening it uses
nothing up (mail scanners open every link), pressing "Continuer" does.
"""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template, request, url_for

from domain.errors import NotFound, ParapheError, Permanent
from domain.people import address_of
from handlers.auth import public
from handlers.button_acts import reference
from handlers.hub import hub
from handlers.layout import WITH_FORMS, dress, see_other
from handlers.persons import (
    ahead_of_time,
    allowed,
    give_cookie,
    person,
    require_own_form,
    signed_in,
    take_cookie,
)
from store import buttons, mails, people
from store.database import Session
from store.models import Button, SignInLink

blueprint = Blueprint("signing_in", __name__)
blueprint.before_request(ahead_of_time)
_SUBJECT = "Votre lien de connexion"
_LONGEST = 254


@blueprint.post("/connexion")
@public  # says the same to everybody
def ask() -> str:
    require_own_form()
    if "mail" not in hub().settings.sections:
        raise Permanent(
            "mail_not_set_up",
            "L'envoi de courriels n'est pas configuré : prévenez la personne qui administre ce serveur.",
        )
    email = address_of(request.form.get("courriel", "")[:_LONGEST])
    if email in allowed() and email:
        _mail_link(email)
    return render_template("pages/sign_in_sent.html", minutes=_minutes())


@blueprint.get("/connexion/<secret>")
@public  # the secret is the capability; looking uses nothing up
def link(secret: str) -> str:
    with hub().database.reading() as session:
        _require(people.open_link(session, hub().now(), secret))
    return render_template("pages/sign_in_link.html", secret=secret)


@blueprint.post("/connexion/<secret>")
@public  # the secret is the capability, and is used up
def use(secret: str) -> Response:
    require_own_form()
    if here := _already_in(secret):
        return here
    with hub().database.transaction() as tx:
        now = hub().now()
        found = _require(people.open_link(tx, now, secret))
        known = people.find(tx, found.person_id)
        if known is None or known.email not in allowed() or not people.use_link(tx, now, found):
            raise _over()
        cookie = people.sign_in(tx, now, found.person_id)
        where = _back(tx, found)
    response = see_other(where)
    give_cookie(response, cookie)
    return response


@blueprint.get("/connecte")
@person
def welcome() -> str:
    return render_template("pages/signed_in.html", signed_in=True)


@blueprint.post("/deconnexion")
@person
def leave() -> Response:
    with hub().database.transaction() as tx:
        people.sign_out(tx, hub().now(), session_id=g.person.session_id)
    response = Response(render_template("pages/signed_in.html", signed_in=False))
    take_cookie(response)
    return response


def _mail_link(email: str) -> None:
    """Beyond some links in a quarter of an hour, none: those that were sent still work."""
    with hub().database.transaction() as tx:
        now = hub().now()
        button, record = _wanted(buttons.find(tx, _asked_button() or ""))
        secret = people.link(tx, now, people.called(tx, now, email), button, record)
        if secret is None:
            return
        url = f"{hub().settings.core.public_url}{url_for('signing_in.link', secret=secret)}"
        text = render_template("mail/sign_in.txt", url=url, minutes=_minutes())
        mails.write(tx, now, email, _SUBJECT, text, now + people.LINK_LIFE)


def _asked_button() -> str | None:
    return hub().button_id(request.form.get("bouton", ""))


def _wanted(button: Button | None) -> tuple[str | None, str | None]:
    """The button and the record that the browser came for, when they are worth going back to."""
    record = request.form.get("fiche", "")
    if button is None:
        return None, None
    try:
        reference(button, record)
    except ParapheError:
        return None, None
    return button.id, record


def _already_in(secret: str) -> Response | None:
    """ "Continuer" pressed twice: whoever is signed in by that link goes where the first press led. It signs
    nobody in."""
    who = signed_in()
    if who is None:
        return None
    with hub().database.reading() as session:
        found = people.used_link(session, hub().now(), secret)
        where = _back(session, found) if found and found.person_id == who.person_id else None
    return see_other(where) if where else None


def _back(session: Session, found: SignInLink) -> str:
    """What its browser had come for."""
    button = buttons.find(session, found.button_id) if found.button_id else None
    if button is None or found.record is None:
        return url_for("signing_in.welcome")
    token = hub().button_url(button.id).rpartition("/")[2]
    return url_for("buttons.show", token=token, record=found.record)


def _require(found: SignInLink | None) -> SignInLink:
    if found is None:
        raise _over()
    return found


def _over() -> NotFound:
    return NotFound(
        "link_over",
        "Ce lien de connexion a déjà servi ou n'est plus valable (quinze minutes) : rouvrez la page voulue "
        "et demandez-en un autre.",
    )


def _minutes() -> int:
    return int(people.LINK_LIFE.total_seconds() // 60)


dress(blueprint, WITH_FORMS)
