"""The main job, end to end, on real parts."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

from documents.signatures import verify_signed
from tests.documents.archivable import faults
from tests.fixtures.hub import Hub
from tests.fixtures.waiting import wait_for
from tests.flows.ask import airtable_request, assert_archived_once, create, sign_all, wait_for_row


def test_a_record_becomes_a_signed_and_filed_agreement(hub: Hub) -> None:
    hub.start()
    answer = hub.post(
        "/v1/conventions", airtable_request(external_id="x-1", metadata={"a": 1}), Prefer="wait=25"
    )
    assert answer.status_code == 201, answer.text
    created = answer.json()
    assert created["state"] == "sent"
    assert (created["external_id"], created["metadata"]) == ("x-1", {"a": 1})
    assert all(signer["link"].startswith("http") for signer in created["signers"][:1])
    wait_for_row(hub, "Envoyée")

    sign_all(hub)
    shown = assert_archived_once(hub, created["id"])
    wait_for_row(hub, "Archivée")
    base = f"/v1/conventions/{created['id']}"
    sent, signed = hub.get(f"{base}/document").content, hub.get(f"{base}/signed").content
    proof = hub.get(f"{base}/proof")
    assert proof.headers["content-type"] == "application/pdf"
    assert hub.get(f"{base}/proof?format=json").json()

    assert faults(sent) == []
    authority = hub.sandbox.client.get(f"{hub.sandbox.url}/yousign/_control/ca.pem").content
    findings = verify_signed(signed, sent, [authority])
    assert findings.sound
    assert findings.trusted

    copy = next(c for c in shown["archives"] if c["kind"] == "signed")
    filed = Path(copy["path"])
    assert filed.is_relative_to(hub.archive / "Conventions")
    assert filed.name.startswith("Durand_20")
    assert filed.name.endswith("_2026-0142.pdf")
    assert (
        hashlib.sha256(filed.read_bytes()).hexdigest() == copy["sha256"] == hashlib.sha256(signed).hexdigest()
    )
    assert filed.with_name(filed.name.replace(".pdf", "_preuve.pdf")).exists()
    said = subprocess.run(["pdfsig", "-nocert", filed], capture_output=True, text=True, check=False).stdout
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said


def test_rendered_only_stops_before_the_signers_and_goes_on_when_asked(hub: Hub) -> None:
    hub.start()
    first = hub.post("/v1/conventions", airtable_request(until="rendered"), Prefer="wait=25")
    assert (first.status_code, first.json()["state"]) == (201, "rendered")
    assert hub.get(f"/v1/conventions/{first.json()['id']}/document").content.startswith(b"%PDF-")
    again = create(hub, airtable_request(), Prefer="wait=25")
    hub.until(first.json()["id"], "sent")
    assert hub.get(f"/v1/conventions/{again}").json()["id"] == first.json()["id"]


def test_a_signer_may_be_reminded_as_soon_as_invited(hub: Hub) -> None:
    hub.start()
    created = hub.post("/v1/conventions", airtable_request(), Prefer="wait=25").json()
    path = f"/v1/conventions/{created['id']}"
    wait_for(
        lambda: hub.get(path).json()["signers"][0]["status"] == "notified", 20, "the first signer is invited"
    )
    assert hub.post(f"{path}/remind").status_code == 202
    reminded = [e for e in _reminded(hub) if e["data"]["id"] == created["id"]]
    assert [e["data"]["signer"] for e in reminded] == ["s1"]


def _reminded(hub: Hub) -> list[dict[str, Any]]:
    def told() -> list[dict[str, Any]]:
        return [e for e in hub.get("/v1/events").json() if e["type"] == "convention.reminded"]

    return wait_for(told, 20, "the reminder is told")
