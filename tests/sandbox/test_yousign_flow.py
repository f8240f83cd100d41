"""A signature request from draft to done, and the ways it ends otherwise."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.yousign_caller import Caller, agreement


def test_a_request_goes_from_draft_to_done_and_hands_over_the_signed_file(yousign: Caller) -> None:
    pdf = agreement("s1|signature|170|74")
    request_id = yousign.create()
    document = yousign.upload(request_id, pdf).json()
    assert (document["total_pages"], document["total_anchors"]) == (2, 1)
    assert document["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert yousign.add_signer(request_id).json()["status"] == "initiated"
    activated = yousign.post(f"/signature_requests/{request_id}/activate")
    assert (activated.status_code, activated.json()["status"]) == (201, "ongoing")
    (signer,) = activated.json()["signers"]
    assert signer["status"] == "notified"
    yousign.control.post("sign", {"signature_request": request_id, "signer": signer["id"]})
    found = yousign.read(f"/signature_requests/{request_id}")
    assert (found["status"], found["external_id"]) == ("done", "conv-2026-0142.v1")
    assert found["completed_at"] is not None
    signed = yousign.get(f"/signature_requests/{request_id}/documents/download?version=completed")
    assert signed.headers["Content-Type"] == "application/pdf"
    assert signed.content.startswith(pdf)
    assert len(signed.content) > len(pdf)


def test_ordered_signers_are_invited_one_after_the_other(yousign: Caller) -> None:
    started = yousign.start("no_otp", "otp_email", ordered_signers=True)
    assert yousign.status(started) == ("ongoing", ["notified", "initiated"])
    refused = yousign.client.post(
        f"{yousign.control.url}/_control/sign",
        json={"signature_request": started.id, "signer": started.signers[1]},
    )
    assert refused.status_code == 400
    yousign.sign(started, started.signers[0])
    assert yousign.status(started) == ("ongoing", ["signed", "notified"])
    yousign.sign(started, started.signers[1])
    assert yousign.status(started) == ("done", ["signed", "signed"])


def test_parallel_signers_are_invited_at_once(yousign: Caller) -> None:
    started = yousign.start("no_otp", "no_otp")
    assert yousign.status(started) == ("ongoing", ["notified", "notified"])


def test_a_lost_creation_is_found_by_its_external_id(yousign: Caller) -> None:
    yousign.create(external_id="other")
    request_id = yousign.create(external_id="mine")
    (found,) = yousign.read("/signature_requests?external_id[eq]=mine")["data"]
    assert found["id"] == request_id
    assert yousign.read("/signature_requests?external_id[eq]=none")["data"] == []


def test_the_list_is_cut_into_pages(yousign: Caller) -> None:
    made = [yousign.create(external_id=f"r{rank}") for rank in range(3)]
    first = yousign.read("/signature_requests?limit=2")
    second = yousign.read(f"/signature_requests?limit=2&after={first['meta']['next_cursor']}")
    assert [one["id"] for one in first["data"] + second["data"]] == made[::-1]
    assert second["meta"]["next_cursor"] is None


def test_a_signer_without_a_field_blocks_the_activation(yousign: Caller) -> None:
    request_id = yousign.create()
    yousign.upload(request_id, agreement("s1|signature|170|74"))
    yousign.add_signer(request_id)
    yousign.add_signer(request_id)
    refused = yousign.post(f"/signature_requests/{request_id}/activate")
    assert refused.status_code == 400
    assert yousign.read(f"/signature_requests/{request_id}")["status"] == "draft"


def test_a_field_by_coordinates_does_as_well_as_an_anchor(yousign: Caller) -> None:
    request_id = yousign.create()
    document = yousign.upload(request_id, agreement(), parse_anchors="false").json()
    field = {"type": "signature", "page": 1, "x": 70, "y": 600, "document_id": document["id"]}
    yousign.add_signer(request_id, fields=[field]).raise_for_status()
    assert yousign.post(f"/signature_requests/{request_id}/activate").status_code == 201


def test_anchors_are_not_read_unless_asked_for(yousign: Caller) -> None:
    answer = yousign.upload(yousign.create(), agreement("s1|signature|170|74"), parse_anchors="false")
    assert answer.json()["total_anchors"] == 0


def test_the_anchor_gives_the_field_its_rank_place_and_size(yousign: Caller) -> None:
    request_id = yousign.create()
    yousign.upload(request_id, agreement("s2|signature|85|37", "s1|signature|170|74"))
    first, second = yousign.add_signer(request_id).json(), yousign.add_signer(request_id).json()
    (of_first,), (of_second,) = first["fields"], second["fields"]
    assert (of_first["page"], of_first["width"], of_first["height"]) == (2, 170, 74)
    assert (of_second["page"], of_second["width"], of_second["height"]) == (2, 85, 37)
    assert of_second["x"] == pytest.approx(20 / 25.4 * 72, abs=2)
    assert of_first["x"] == pytest.approx(110 / 25.4 * 72, abs=2)
    assert of_first["y"] == pytest.approx(230 / 25.4 * 72, abs=14)


def test_a_draft_once_activated_takes_no_more_parts(yousign: Caller) -> None:
    started = yousign.start()
    assert yousign.upload(started.id, agreement()).status_code == 400
    assert yousign.add_signer(started.id).status_code == 400
    assert yousign.post(f"/signature_requests/{started.id}/activate").status_code == 400


def test_a_reminder_goes_only_to_who_is_notified(yousign: Caller) -> None:
    started = yousign.start("no_otp", "no_otp", ordered_signers=True)
    path = f"/signature_requests/{started.id}/signers"
    sent = yousign.post(f"{path}/{started.signers[0]}/send_reminder")
    assert (sent.status_code, sent.content) == (201, b"")
    assert yousign.post(f"{path}/{started.signers[1]}/send_reminder").status_code == 400
    yousign.sign(started)
    assert yousign.post(f"{path}/{started.signers[0]}/send_reminder").status_code == 400
    kinds = [one["kind"] for one in yousign.control.get("messages")]
    assert kinds == ["invitation", "reminder", "invitation", "end", "end"]


def test_a_cancelled_request_is_final(yousign: Caller) -> None:
    started = yousign.start()
    body = {"reason": "contractualization_aborted", "custom_note": "Nouvelle version à venir."}
    cancelled = yousign.post(f"/signature_requests/{started.id}/cancel", body)
    assert (cancelled.status_code, cancelled.json()["status"]) == (201, "canceled")
    assert yousign.status(started) == ("canceled", ["aborted"])
    assert yousign.post(f"/signature_requests/{started.id}/cancel", body).status_code == 400


def test_only_what_is_not_under_way_can_be_deleted(yousign: Caller) -> None:
    started = yousign.start()
    assert yousign.call("DELETE", f"/signature_requests/{started.id}").status_code == 400
    draft = yousign.create()
    assert yousign.call("DELETE", f"/signature_requests/{draft}").status_code == 204
    assert yousign.read(f"/signature_requests/{draft}")["status"] == "deleted"
    assert yousign.call("DELETE", f"/signature_requests/{draft}?permanent_delete=true").status_code == 204
    assert yousign.get(f"/signature_requests/{draft}").status_code == 404


def test_a_refusal_ends_the_request_and_says_who_and_why(yousign: Caller) -> None:
    started = yousign.start("no_otp", "no_otp")
    order = {"signature_request": started.id, "signer": started.signers[0], "reason": "Montant erroné"}
    yousign.control.post("decline", order)
    assert yousign.status(started) == ("declined", ["declined", "aborted"])
    told = yousign.read(f"/signature_requests/{started.id}")["decline_information"]
    assert (told["signer_id"], told["reason"]) == (started.signers[0], "Montant erroné")


def test_nobody_may_decline_unless_the_request_allows_it(yousign: Caller) -> None:
    started = yousign.start("no_otp", signers_allowed_to_decline=False)
    order = {"signature_request": started.id, "signer": started.signers[0]}
    refused = yousign.client.post(f"{yousign.control.url}/_control/decline", json=order)
    assert refused.status_code == 400
    assert yousign.status(started) == ("ongoing", ["notified"])


def test_an_expired_request_can_be_revived(yousign: Caller) -> None:
    started = yousign.start()
    yousign.control.post("expire", {"signature_request": started.id})
    assert yousign.status(started)[0] == "expired"
    later = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    revived = yousign.post(f"/signature_requests/{started.id}/reactivate", {"expiration_date": later})
    assert (revived.status_code, revived.json()["status"]) == (201, "ongoing")
    yousign.sign(started)
    assert yousign.status(started)[0] == "done"


def test_the_signed_file_and_the_proof_come_only_when_done(yousign: Caller) -> None:
    started = yousign.start("no_otp", "no_otp")
    yousign.sign(started, started.signers[0])
    base = f"/signature_requests/{started.id}"
    assert yousign.get(f"{base}/documents/download?version=completed").status_code == 400
    assert yousign.get(f"{base}/audit_trails/download?merge=true").status_code == 400
    assert yousign.get(f"{base}/signers/{started.signers[0]}/audit_trails").status_code == 200
    assert yousign.get(f"{base}/signers/{started.signers[1]}/audit_trails").status_code == 400


def test_files_can_be_late_as_often_as_ordered(yousign: Caller) -> None:
    started = yousign.start("no_otp")
    yousign.sign(started)
    yousign.control.post("not_ready", {"calls": 2})
    path = f"/signature_requests/{started.id}/documents/download?version=completed"
    assert [yousign.get(path).status_code for _ in range(3)] == [404, 404, 200]


def test_several_files_come_as_a_zip(yousign: Caller) -> None:
    started = yousign.start("no_otp")
    answer = yousign.get(f"/signature_requests/{started.id}/documents/download?archive=true")
    assert (answer.headers["Content-Type"], answer.content[:2]) == ("application/zip", b"PK")
