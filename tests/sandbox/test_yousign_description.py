"""The stand-in's answers, and a caller's requests, against the description that the provider publishes.

That text is not ours to ship: PARAPHE_SPECS names the folder that holds ``yousign-v3.openapi.yaml``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator, oas30_format_checker
from openapi_spec_validator.readers import read_from_filename
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tests.sandbox.test_yousign_webhooks import subscription
from tests.sandbox.yousign_caller import Caller, agreement, request_body, signer_body

FOLDER = os.environ.get("PARAPHE_SPECS", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="PARAPHE_SPECS does not name the folder of descriptions")

BASE = "/signature_requests/{signatureRequestId}"
SIGNER = f"{BASE}/signers/{{signerId}}"


NAME = "urn:description"


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """The description with its references made absolute, so that any part of it can stand alone."""
    read, _ = read_from_filename(str(Path(FOLDER) / "yousign-v3.openapi.yaml"))
    whole: dict[str, Any] = absolute(read)
    return whole


def absolute(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: f"{NAME}{value}" if key == "$ref" and isinstance(value, str) else absolute(value)
            for key, value in node.items()
        }
    return [absolute(one) for one in node] if isinstance(node, list) else node


def resolve(description: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follow the node's own ``$ref``, if it is one."""
    while "$ref" in node:
        found: Any = description
        for part in node["$ref"].removeprefix(f"{NAME}#/").split("/"):
            found = found[part]
        node = found
    return node


def faults(description: dict[str, Any], schema: dict[str, Any], content: Any, validator: Any) -> list[str]:
    resource: Resource[Any] = Resource.from_contents(description, default_specification=DRAFT4)
    registry: Registry[Any] = Registry().with_resource(NAME, resource)
    checker = validator(schema, registry=registry, format_checker=oas30_format_checker)
    return [f"{error.json_path}: {error.message[:120]}" for error in checker.iter_errors(content)]


def check_answer(
    description: dict[str, Any], method: str, path: str, answer: httpx.Response, status: int
) -> Any:
    """The answer has this status, described for this call, with its headers and a body of its schema."""
    assert answer.status_code == status, answer.text
    told = resolve(description, description["paths"][path][method]["responses"][str(status)])
    missing = [name for name in told.get("headers", {}) if name not in answer.headers]
    assert [name for name in missing if name != "Retry-After"] == []
    if not told.get("content"):
        assert answer.content == b""
        return None
    schema = told["content"]["application/json"]["schema"]
    assert faults(description, schema, answer.json(), OAS30ReadValidator) == []
    return answer.json()


def test_the_answers_are_as_described(yousign: Caller, description: dict[str, Any]) -> None:
    def check(method: str, path: str, answer: httpx.Response, status: int) -> Any:
        return check_answer(description, method, path, answer, status)

    made = check("post", "/signature_requests", yousign.post("/signature_requests", request_body()), 201)
    mine = f"/signature_requests/{made['id']}"
    check("post", f"{BASE}/documents", yousign.upload(made["id"], agreement("s1|signature|85|37")), 201)
    check("get", f"{BASE}/documents", yousign.get(f"{mine}/documents"), 200)
    signer = check("post", f"{BASE}/signers", yousign.add_signer(made["id"]), 201)
    check("post", f"{BASE}/activate", yousign.post(f"{mine}/activate"), 201)
    check("get", BASE, yousign.get(mine), 200)
    check("get", f"{BASE}/signers", yousign.get(f"{mine}/signers"), 200)
    check("get", SIGNER, yousign.get(f"{mine}/signers/{signer['id']}"), 200)
    check("get", "/signature_requests", yousign.get("/signature_requests"), 200)
    reminder = yousign.post(f"{mine}/signers/{signer['id']}/send_reminder")
    check("post", f"{SIGNER}/send_reminder", reminder, 201)
    yousign.control.post("sign", {"signature_request": made["id"]})
    check("get", f"{SIGNER}/audit_trails", yousign.get(f"{mine}/signers/{signer['id']}/audit_trails"), 200)
    check("delete", BASE, yousign.call("DELETE", mine), 204)


def test_the_other_ends_are_as_described(yousign: Caller, description: dict[str, Any]) -> None:
    cancelled = yousign.post(f"/signature_requests/{yousign.start().id}/cancel", {"reason": "other"})
    check_answer(description, "post", f"{BASE}/cancel", cancelled, 201)
    declined = yousign.start()
    yousign.control.post("decline", {"signature_request": declined.id})
    check_answer(description, "get", BASE, yousign.get(f"/signature_requests/{declined.id}"), 200)
    expired = yousign.start()
    yousign.control.post("expire", {"signature_request": expired.id})
    later = yousign.read(f"/signature_requests/{declined.id}")["expiration_date"][:10]
    revived = yousign.post(f"/signature_requests/{expired.id}/reactivate", {"expiration_date": later})
    check_answer(description, "post", f"{BASE}/reactivate", revived, 201)


def test_the_subscriptions_are_as_described(yousign: Caller, description: dict[str, Any]) -> None:
    made = yousign.post("/webhooks", subscription("https://hub.example.org/x"))
    one = check_answer(description, "post", "/webhooks", made, 201)["id"]
    check_answer(description, "get", "/webhooks", yousign.get("/webhooks"), 200)
    changed = yousign.call("PATCH", f"/webhooks/{one}", json={"enabled": False})
    check_answer(description, "patch", "/webhooks/{webhookId}", changed, 200)
    deleted = yousign.call("DELETE", f"/webhooks/{one}")
    check_answer(description, "delete", "/webhooks/{webhookId}", deleted, 204)


def test_the_refusals_are_as_described(yousign: Caller, description: dict[str, Any]) -> None:
    wrong = yousign.post("/signature_requests", {})
    check_answer(description, "post", "/signature_requests", wrong, 400)
    nobody = yousign.call("GET", "/signature_requests", headers={"Authorization": "Bearer refusee"})
    check_answer(description, "get", "/signature_requests", nobody, 401)
    nothing = yousign.get("/signature_requests/3c9f0c0e-8f0b-4b52-8f0d-0f3f2b0b7a11")
    check_answer(description, "get", BASE, nothing, 404)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/signature_requests", request_body(expiration_date="2027-01-31", timezone="Europe/Paris")),
        ("/webhooks", subscription("https://hub.example.org/x")),
        (f"{BASE}/signers", signer_body(redirect_urls={"success": "https://example.org/merci"})),
        (f"{BASE}/cancel", {"reason": "other", "custom_note": "Remplacée."}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_our_own_tests_send_is_allowed_by_the_description(
    description: dict[str, Any], path: str, body: dict[str, Any]
) -> None:
    content = resolve(description, description["paths"][path]["post"]["requestBody"])["content"]
    schema = dict(resolve(description, content["application/json"]["schema"]))
    # the published text forbids all properties beside the two forms that it then allows: a slip
    schema.pop("additionalProperties", None)
    assert faults(description, schema, body, OAS30WriteValidator) == []
