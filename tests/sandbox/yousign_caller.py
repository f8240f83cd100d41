"""A small caller of the Yousign stand-in, as an integrator would write one: plain HTTP, no hub code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from fpdf import FPDF

from tests.fixtures.sandbox import Control, Sandbox

KEY = {"Authorization": "Bearer cle-d-essai"}


def agreement(*anchors: str, pages: int = 2) -> bytes:
    """A PDF whose last page holds these anchors (``s1|signature|170|74``), in white."""
    pdf = FPDF(format="A4")
    pdf.set_font("helvetica", size=11)
    for number in range(1, pages + 1):
        pdf.add_page()
        pdf.set_font(size=18)
        pdf.cell(0, 12, f"Convention d'honoraires, page {number}", new_x="LMARGIN", new_y="NEXT")
        pdf.set_font(size=11)
        pdf.multi_cell(0, 6, "Le client confie à l'avocat la défense de ses intérêts, à l'exclusion. " * 24)
    pdf.set_text_color(255, 255, 255)
    for rank, anchor in enumerate(anchors):
        pdf.text(20 + 90 * rank, 230, "{{" + anchor + "}}")
    return bytes(pdf.output())


def request_body(**changes: Any) -> dict[str, Any]:
    body = {
        "name": "Convention d'honoraires 2026-0142",
        "delivery_mode": "email",
        "ordered_signers": False,
        "external_id": "conv-2026-0142.v1",
        "signers_allowed_to_decline": True,
        "audit_trail_locale": "fr",
    }
    return body | changes


def signer_body(**changes: Any) -> dict[str, Any]:
    body = {
        "info": {
            "first_name": "Hélène",
            "last_name": "D'Aubigné-Lefèvre",
            "email": "helene@example.org",
            "phone_number": "+33600000001",
            "locale": "fr",
        },
        "signature_level": "electronic_signature",
        "signature_authentication_mode": "otp_sms",
    }
    return body | changes


@dataclass(frozen=True)
class Started:
    """A request under way: its id, its document's, its signers' ids and links."""

    id: str
    document: str
    signers: list[str]
    links: list[str]


@dataclass(frozen=True)
class Caller:
    url: str
    client: httpx.Client
    control: Control

    @classmethod
    def of(cls, sandbox: Sandbox) -> Caller:
        return cls(f"{sandbox.url}/yousign/v3", sandbox.client, sandbox.control("yousign"))

    def call(self, method: str, path: str, **details: Any) -> httpx.Response:
        headers = KEY | details.pop("headers", {})
        return self.client.request(method, f"{self.url}{path}", headers=headers, **details)

    def post(self, path: str, body: Any = None) -> httpx.Response:
        return self.call("POST", path, json=body) if body is not None else self.call("POST", path)

    def get(self, path: str) -> httpx.Response:
        return self.call("GET", path)

    def read(self, path: str) -> Any:
        return self.get(path).raise_for_status().json()

    def create(self, **changes: Any) -> str:
        made: str = self.post("/signature_requests", request_body(**changes)).raise_for_status().json()["id"]
        return made

    def upload(self, request_id: str, pdf: bytes, **parts: str) -> httpx.Response:
        data = {"nature": "signable_document", "parse_anchors": "true"} | parts
        files = {"file": ("convention.pdf", pdf, "application/pdf")}
        return self.call("POST", f"/signature_requests/{request_id}/documents", data=data, files=files)

    def add_signer(self, request_id: str, **changes: Any) -> httpx.Response:
        return self.post(f"/signature_requests/{request_id}/signers", signer_body(**changes))

    def start(self, *modes: str, pdf: bytes | None = None, **changes: Any) -> Started:
        """A request sent to one signer per authentication mode."""
        modes = modes or ("otp_sms",)
        anchors = [f"s{rank}|signature|170|74" for rank, _ in enumerate(modes, start=1)]
        request_id = self.create(**changes)
        document = self.upload(request_id, pdf or agreement(*anchors)).raise_for_status().json()
        for mode in modes:
            self.add_signer(request_id, signature_authentication_mode=mode).raise_for_status()
        activated = self.post(f"/signature_requests/{request_id}/activate").raise_for_status().json()
        signers = activated["signers"]
        return Started(
            request_id,
            document["id"],
            [one["id"] for one in signers],
            [one["signature_link"] for one in signers],
        )

    def sign(self, started: Started, signer: str = "all") -> None:
        self.control.post("sign", {"signature_request": started.id, "signer": signer})

    def status(self, started: Started) -> tuple[str, list[str]]:
        """The request's status and its signers', in order."""
        found = self.read(f"/signature_requests/{started.id}")
        return found["status"], [one["status"] for one in found["signers"]]
