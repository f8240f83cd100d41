"""Real answers of the application, held against the document that it serves: every field of an answer is
told, and every field told as present is there."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from flask import Request
from openapi_core import Config, OpenAPI
from openapi_core.contrib.flask import FlaskOpenAPIRequest, FlaskOpenAPIResponse
from werkzeug.test import EnvironBuilder, TestResponse

from store import keys, previews
from tests.pages.application import TO_ARCHIVED, TO_SENT, Application, sample

NO_WAIT = {"Prefer": "wait=0"}
SOURCE = {"kind": "inline", "fields": sample()}

#: what the worker leaves for the caller
PREVIEW = {
    "version": "0" * 64,
    "dossier": "D2026-0417",
    "amounts": ["Forfait : 2 160,00 € TTC, soit 1 800,00 € HT"],
    "order": "sequential",
    "pages": 4,
    "signers": [
        {"key": "s1", "role": "client", "name": "Claire Durand", "email": "claire.durand@example.com"},
    ],
    "template": "forfait",
    "provider": "yousign",
    "advice": {
        "level": "simple",
        "authentication": "otp_sms",
        "rule": 8,
        "reason": "Le montant est modeste.",
        "chosen": "simple",
        "lowered": False,
    },
    "warnings": [{"path": "provision.ht", "code": "provision_high", "detail": "Baissez la provision."}],
    "archive_path": "/Conventions/2026/12/Durand.pdf",
    "mentions": {
        "checked_on": "2026-11-01",
        "method": "blocks",
        "lines": [
            {
                "id": "objet_mission",
                "label": "Objet",
                "article": "RIN 10",
                "applies": True,
                "present": True,
                "severity": "blocking",
                "status": "ok",
                "where": 3,
            }
        ],
    },
}


class Held:
    """Calls the application and holds both sides of each call against the document."""

    def __init__(self, application: Application, openapi: OpenAPI) -> None:
        self.application = application
        self.openapi = openapi
        self.url = application.runtime.settings.core.public_url

    def call(self, method: str, path: str, status: int, **given: Any) -> TestResponse:
        headers = {**self.application.authorised, **given.pop("headers", {})}
        given |= {"method": method, "base_url": self.url, "headers": headers}
        answer = self.application.client.open(path, **given)
        assert answer.status_code == status, answer.text
        request = FlaskOpenAPIRequest(Request(EnvironBuilder(path, **given).get_environ()))
        if status < 400:
            self.openapi.validate_request(request)
        self.openapi.validate_response(request, FlaskOpenAPIResponse(answer))
        return answer


def _closed(document: dict[str, Any]) -> dict[str, Any]:
    """The same document, in which an object has no field but those told."""
    closed = copy.deepcopy(document)
    for schema in closed["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return closed


@pytest.fixture(scope="session")
def openapi(tmp_path_factory: pytest.TempPathFactory) -> OpenAPI:
    application = Application(tmp_path_factory.mktemp("document"))
    document = application.client.get("/openapi.json").get_json()
    application.close()
    reading = Config(extra_media_type_deserializers={"application/problem+json": json.loads})
    return OpenAPI.from_dict(_closed(document), reading)


@pytest.fixture
def held(application: Application, openapi: OpenAPI) -> Held:
    return Held(application, openapi)


@pytest.mark.parametrize(
    "moves",
    [
        (),
        TO_SENT,
        (*TO_SENT, "open", "sign-s1"),
        TO_ARCHIVED,
        (*TO_ARCHIVED, "lose"),
        ("fail",),
        ("read", "render", "stumble"),
        (*TO_SENT, "decline"),
    ],
    ids=lambda moves: moves[-1] if moves else "received",
)
def test_a_convention_is_shown_as_told_in_every_state(held: Held, moves: tuple[str, ...]) -> None:
    convention = held.application.convention(*moves)
    held.call("GET", f"/v1/conventions/{convention}", 200)
    held.call("GET", f"/v1/conventions/{convention}/journal", 200)
    assert held.call("GET", "/v1/conventions?limit=1", 200).get_json()["items"][0]["id"] == convention
    held.call("GET", "/v1/events?limit=500", 200)


def test_creating_and_repeating_answer_as_told(held: Held) -> None:
    body = {"source": SOURCE, "external_id": "scenario-42", "metadata": {"a": 1}, "until": "rendered"}
    headers = {"Idempotency-Key": "k-1", "Prefer": "wait=0"}
    created = held.call("POST", "/v1/conventions", 202, json=body, headers=headers).get_json()
    again = held.call("POST", "/v1/conventions", 200, json=body, headers=headers).get_json()
    assert (again["id"], again["replayed"]) == (created["id"], True)
    held.application.move(created["id"], "read")
    held.application.move(created["id"], "render")
    held.application.move(created["id"], "stumble")
    retrying = held.call("GET", f"/v1/conventions/{created['id']}", 200).get_json()["retrying"]
    assert retrying[0]["code"] == "yousign_unreachable"


def test_a_refused_record_answers_a_problem_that_names_its_fields(held: Held) -> None:
    body = {"source": {"kind": "inline", "fields": {**sample(), "E-mail": "pas une adresse"}}}
    problem = held.call("POST", "/v1/conventions", 422, json=body).get_json()
    assert problem["code"] == "record_invalid"
    assert [fault["path"] for fault in problem["errors"]] == ["client.email"]


def test_a_failed_convention_asked_for_again_answers_its_problem(held: Held) -> None:
    asked = {"json": {"source": SOURCE}, "headers": {"Idempotency-Key": "k-1"}}
    created = held.call("POST", "/v1/conventions", 202, **asked).get_json()
    held.application.move(created["id"], "fail")
    problem = held.call("POST", "/v1/conventions", 422, **asked).get_json()
    assert (problem["convention"], problem["step"]) == (created["id"], "fetch")


def test_a_preview_answers_as_told_until_it_is_made_and_then(held: Held) -> None:
    asked = held.call("POST", "/v1/previews", 202, json={"source": SOURCE}, headers=NO_WAIT)
    where, runtime = asked.headers["Location"], held.application.runtime
    assert held.call("GET", where, 202, headers=NO_WAIT).get_json() == asked.get_json()
    with runtime.database.transaction() as tx:
        previews.fill(tx, asked.get_json()["id"], PREVIEW, b"%PDF-1.7")
    assert held.call("GET", where, 200).get_json()["document"]["size"] == 8
    assert held.call("GET", where, 200, headers={"Accept": "application/pdf"}).data == b"%PDF-1.7"
    held.application.now += previews.LIFE
    assert held.call("GET", where, 404).get_json()["code"] == "preview_not_found"


def test_a_preview_of_a_refused_record_answers_a_problem_at_once(held: Held) -> None:
    body = {"source": {"kind": "inline", "fields": {**sample(), "E-mail": "pas une adresse"}}}
    assert held.call("POST", "/v1/previews", 422, json=body).get_json()["code"] == "record_invalid"


@pytest.mark.parametrize("action", ["send", "remind", "cancel"])
def test_the_custom_steps_answer_as_told(held: Held, action: str) -> None:
    convention = held.application.convention(*TO_SENT)
    held.call("POST", f"/v1/conventions/{convention}/{action}", 202, json={})


def test_what_gave_up_runs_again_as_told(held: Held) -> None:
    convention = held.application.convention("fail")
    held.call("POST", f"/v1/conventions/{convention}/retry", 202, json={})
    held.call("POST", f"/v1/conventions/{convention}/retry", 422, json={})
    archived = held.application.convention(*TO_ARCHIVED)
    held.call("POST", f"/v1/conventions/{archived}/archive", 202, json={})
    held.call("POST", f"/v1/conventions/{archived}/cancel", 422, json={})


@pytest.mark.parametrize("path", ["document", "signed", "proof", "proof?format=json"])
def test_files_come_with_the_type_told(held: Held, path: str) -> None:
    convention = held.application.convention(*TO_ARCHIVED)
    held.call("GET", f"/v1/conventions/{convention}/{path}", 200)


def test_a_file_that_is_not_there_yet_is_a_problem(held: Held) -> None:
    convention = held.application.convention()
    assert held.call("GET", f"/v1/conventions/{convention}/signed", 404).get_json()["code"] == (
        "document_not_ready"
    )


def test_hooks_answer_as_told(held: Held) -> None:
    body = {"url": "http://127.0.0.1:5678/hook", "events": ["convention.signed"]}
    hook = held.call("POST", "/v1/hooks", 201, json=body).get_json()
    assert hook["secret"].startswith("whsec_")
    assert "secret" not in held.call("GET", "/v1/hooks", 200).get_json()["items"][0]
    held.call("DELETE", f"/v1/hooks/{hook['id']}", 204)
    held.call("DELETE", f"/v1/hooks/{hook['id']}", 204)
    held.call("POST", "/v1/hooks", 422, json={**body, "events": ["convention.nothing"]})


@pytest.mark.parametrize("path", ["/v1/me", "/v1/templates", "/v1/templates/forfait/fields", "/v1/providers"])
def test_what_tools_ask_first_answers_as_told(held: Held, path: str) -> None:
    held.call("GET", path, 200)


def test_a_missing_a_wrong_and_a_weak_key_are_problems(held: Held) -> None:
    application = held.application
    with application.runtime.database.transaction() as tx:
        _, weak = keys.create(tx, application.now, "faible", ("hooks",))
    for key, status in (("", 401), ("prp_x_y", 401), (weak, 403)):
        held.call("GET", "/v1/conventions", status, headers={"Authorization": f"Bearer {key}"})


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "body_not_json"),
        (b"[]", 400, "body_not_an_object"),
        (b'{"source": {"kind": "nowhere"}}', 422, "request_invalid"),
        (b"{}", 422, "request_invalid"),
        (b'"' + b"x" * 1_000_001 + b'"', 413, "body_too_large"),
    ],
)
def test_a_bad_body_is_a_problem(held: Held, body: bytes, status: int, code: str) -> None:
    answer = held.call("POST", "/v1/conventions", status, data=body, content_type="application/json")
    assert answer.get_json()["code"] == code


def test_the_example_of_every_call_is_accepted(held: Held) -> None:
    convention, made = held.application.convention(*TO_SENT), ""
    document = held.application.client.get("/openapi.json").get_json()
    examples = {
        path: operation["requestBody"]["content"]["application/json"]["example"]
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if "example" in operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    }
    statuses = {
        "/v1/conventions": 202,
        "/v1/previews": 202,
        "/v1/conventions/{convention_id}/remind": 202,
        "/v1/conventions/{convention_id}/amend": 202,
        "/v1/hooks": 201,
    }
    assert set(examples) == set(statuses)
    examples["/v1/hooks"] = {**examples["/v1/hooks"], "url": "http://127.0.0.1:5678/hook"}  # no DNS here
    for path, example in examples.items():
        of = made if path.endswith("/amend") else convention
        answer = held.call(
            "POST", path.replace("{convention_id}", of), statuses[path], json=example, headers=NO_WAIT
        )
        made = answer.get_json()["id"] if path == "/v1/conventions" else made


def test_a_forged_callback_is_a_problem(held: Held) -> None:
    held.call("POST", "/v1/callbacks/yousign", 401, data=b"{}", headers={"Authorization": ""})
    held.call("POST", "/v1/callbacks/nobody", 404, data=b"{}", headers={"Authorization": ""})
