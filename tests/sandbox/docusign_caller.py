"""A small caller of the DocuSign stand-in, as an integrator would write one: plain HTTP, no hub code."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from tests.contract.docusign import trial
from tests.fixtures.sandbox import Control, Sandbox
from tests.sandbox.yousign_caller import agreement

ACCOUNT = "bac0a5ab-1e00-4000-8000-000000000003"
PHONE_WORKFLOW = "c368e411-1592-4001-a3df-dca94ac539ae"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
#: what a configuration must say to be called at all, with signed JSON, and again after a failure
CONFIGURATION = {
    "configurationType": "custom",
    "name": "essai",
    "allowEnvelopePublish": "true",
    "allUsers": "true",
    "requiresAcknowledgement": "true",
    "includeHMAC": "true",
    "deliveryMode": "SIM",
    "events": ["envelope-sent", "recipient-sent", "recipient-completed", "envelope-completed"],
    "eventData": {"version": "restv2.1", "includeData": ["recipients", "custom_fields"]},
}


def assertion(audience: str, **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": trial()["integration_key"],
        "sub": trial()["user_id"],
        "aud": audience,
        "iat": now,
        "exp": now + 600,
        "scope": "signature impersonation",
    }
    key = trial()["private_key"].replace("\\n", "\n")
    return jwt.encode(claims | changes, key, algorithm="RS256")


def signer(rank: int = 1, **changes: Any) -> dict[str, Any]:
    tab = {"anchorString": f"{{{{s{rank}|signature|170|74}}}}", "anchorIgnoreIfNotPresent": "false"}
    made = {
        "recipientId": str(rank),
        "routingOrder": str(rank),
        "name": "Hélène D'Aubigné-Lefèvre",
        "email": f"helene{rank}@example.org",
        "tabs": {"signHereTabs": [tab]},
    }
    return made | changes


def by_sms(number: str = "639980001") -> dict[str, Any]:
    phones = [{"countryCode": "33", "number": number}]
    option = {"name": "phone_number_list", "valueType": "PhoneNumberList", "phoneNumberList": phones}
    return {"identityVerification": {"workflowId": PHONE_WORKFLOW, "inputOptions": [option]}}


def envelope(*signers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    people = list(signers) or [signer()]
    pdf = agreement(*(f"s{one['recipientId']}|signature|170|74" for one in people))
    document = {
        "documentId": "1",
        "name": "convention.pdf",
        "fileExtension": "pdf",
        "documentBase64": base64.b64encode(pdf).decode(),
    }
    made = {
        "status": "sent",
        "emailSubject": "Convention d'honoraires 2026-0142",
        "documents": [document],
        "recipients": {"signers": people},
    }
    return made | changes


@dataclass(frozen=True)
class Caller:
    url: str
    client: httpx.Client
    control: Control
    token: str

    @classmethod
    def of(cls, sandbox: Sandbox) -> Caller:
        url = f"{sandbox.url}/docusign"
        form = {"grant_type": GRANT, "assertion": assertion(urlsplit(url).netloc)}
        granted = sandbox.client.post(f"{url}/oauth/token", data=form).raise_for_status().json()
        return cls(url, sandbox.client, sandbox.control("docusign"), granted["access_token"])

    def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        url = f"{self.url}/restapi/v2.1/accounts/{ACCOUNT}{path}"
        return self.client.request(method, url, headers={"Authorization": f"Bearer {self.token}"}, json=body)

    def send(self, *signers: dict[str, Any], **changes: Any) -> str:
        made = self.call("POST", "/envelopes", envelope(*signers, **changes)).raise_for_status().json()
        return str(made["envelopeId"])

    def links(self, ref: str) -> list[str]:
        (found,) = [one for one in self.control.get("signature_requests") if one["id"] == ref]
        return [one["link"] for one in found["signers"]]

    def subscribe(self, url: str, **changes: Any) -> None:
        self.call("POST", "/connect", CONFIGURATION | {"urlToPublishTo": url} | changes).raise_for_status()
