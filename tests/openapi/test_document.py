"""The document that tools read: valid, complete, and saying nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from openapi_spec_validator import validate

from connectors.sources import REGISTRY
from tests.pages.application import Application

METHODS = {"get", "post", "put", "patch", "delete"}


def document(application: Application) -> dict[str, Any]:
    served = application.client.get("/openapi.json")
    assert served.status_code == 200
    found: dict[str, Any] = served.get_json()
    return found


def operations(found: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_the_document_is_valid_openapi_3_1(application: Application) -> None:
    found = document(application)
    assert found["openapi"].startswith("3.1")
    validate(found)


def test_every_v1_route_is_told_and_nothing_else(application: Application) -> None:
    served = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in application.flask.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/v1")
    }
    assert {(method, path) for method, path, _ in operations(document(application))} == served


def test_every_call_is_named_once_and_explained_in_french(application: Application) -> None:
    told = [operation for _, _, operation in operations(document(application))]
    ids = [operation["operationId"] for operation in told]
    assert len(ids) == len(set(ids))
    for operation in told:
        assert operation["summary"], operation["operationId"]
        assert operation["description"].endswith("."), operation["operationId"]
        assert all(parameter["description"] for parameter in operation["parameters"])


def test_every_call_asks_for_the_scope_that_its_view_declares(application: Application) -> None:
    views = application.flask.view_functions
    for _, _, operation in operations(document(application)):
        access = views[operation["operationId"].replace("_", ".", 1)].__dict__["access"]
        asked = operation["security"]
        if access == "public":
            assert asked == []
        else:
            scopes = [] if access == "any key" else [access]
            assert asked == [{name: scopes} for name in ("bearer", "apiKey", "basic")]


def test_every_call_says_that_it_can_answer_a_problem(application: Application) -> None:
    for _, path, operation in operations(document(application)):
        refusals = [status for status in operation["responses"] if status[0] == "4"]
        assert refusals, path
        for status in [*refusals, "default"]:
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"], path


def test_every_field_of_requests_and_answers_is_explained(application: Application) -> None:
    schemas = document(application)["components"]["schemas"]
    silent = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, shape in schema.get("properties", {}).items()
        if not shape.get("description")
    ]
    assert silent == []


def test_a_page_asked_for_again_is_not_sent_again(application: Application) -> None:
    first = application.client.get("/openapi.json")
    again = application.client.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_sources_told_are_those_that_are_set_up(application: Application) -> None:
    variants = document(application)["components"]["schemas"]["SourceRef"]["oneOf"]
    ready = [name for name in REGISTRY if name in application.runtime.settings.sections]
    assert [variant["properties"]["kind"]["const"] for variant in variants] == ready
