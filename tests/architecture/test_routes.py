"""Every door says who may come in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from store import keys
from tests.pages.application import Application

#: open to anybody, and why that is right
_PUBLIC = {
    "/": "the home page",
    "/docs": "the reference",
    "/openapi.json": "the reference, for programs",
    "/style.css": "the pages' look",
    "/suivi/<token>": "the token is the capability; names nobody",
    "/healthz": "the host's probe",
    "/readyz": "the host's probe",
    "/metrics": "counts only",
    "/v1/callbacks/<provider>": "the signature over the raw bytes is the authentication",
    "/v1/triggers/<watch_id>": "the tool's signature, or the secret it was given, is the authentication",
    "/connexion": "says the same to everybody; mails a link to an address of the firm's list alone",
    "/connexion/<secret>": "the secret is the capability",
}
#: public, and yet a POST does something there
_ACTING = {"/v1/callbacks/<provider>", "/v1/triggers/<watch_id>", "/connexion", "/connexion/<secret>"}
#: for people of the firm, who have signed in
_PEOPLE = {
    "/buttons/<token>",
    "/buttons/<token>/relire",
    "/buttons/<token>/apercu.pdf",
    "/buttons/<token>/page-<int:number>.png",
    "/connecte",
    "/deconnexion",
}


@pytest.fixture(scope="module")
def flask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = Application(tmp_path_factory.mktemp("routes"))
    yield made.flask
    made.close()


def _access(flask: Flask, rule: Rule) -> str | None:
    access: str | None = getattr(flask.view_functions[rule.endpoint], "access", None)
    return access


def test_every_route_declares_who_may_call_it(flask: Flask) -> None:
    declared = {rule.rule: _access(flask, rule) for rule in flask.url_map.iter_rules()}
    assert len(declared) > 20
    assert set(declared.values()) <= {"public", "person", "any key", *keys.SCOPES}
    assert {rule for rule, access in declared.items() if access == "person"} == _PEOPLE
    assert {rule for rule, access in declared.items() if access == "public"} == set(_PUBLIC)


def test_reading_asks_for_a_right_to_read_and_writing_for_a_right_to_write(flask: Flask) -> None:
    """No GET acts, so that following a link never does."""
    for rule in flask.url_map.iter_rules():
        access, methods = _access(flask, rule), (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if access == "conventions:read":
            assert methods == {"GET"}, rule.rule
        if access == "conventions:write":
            assert methods == {"POST"}, rule.rule


def test_what_is_public_only_reads_or_verifies_a_signature(flask: Flask) -> None:
    for rule in flask.url_map.iter_rules():
        if _access(flask, rule) == "public" and rule.rule not in _ACTING:
            assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"}, rule.rule


def test_every_route_has_its_own_function_in_the_handlers(flask: Flask) -> None:
    for rule in flask.url_map.iter_rules():
        code = flask.view_functions[rule.endpoint].__code__
        assert Path(code.co_filename).parent.name == "handlers", rule.rule
