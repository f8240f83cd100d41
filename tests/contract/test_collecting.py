"""The signed file and its proof: whole, or not yet."""

from __future__ import annotations

import json

import pytest

from documents.pdf import inspect
from domain.errors import Refused, Retryable, Unknown
from domain.signature import Sent
from tests.contract.conftest import Scene
from tests.contract.orders import order, person


@pytest.fixture
def signed(scene: Scene) -> Sent:
    sent = scene.provider.send(order(2), again=False)
    for signer in sent.signers:
        scene.hands.sign(sent.provider_ref, signer.provider_ref)
    return sent


def test_the_signed_file_and_the_proof_come_whole(scene: Scene, signed: Sent) -> None:
    file = scene.provider.signed_file(signed.provider_ref)
    assert file.startswith(b"%PDF-")
    assert file.count(b"/ByteRange") >= 1, "sealed"
    assert scene.provider.signed_file(signed.provider_ref) == file

    formats = {one.format: one.content for one in scene.provider.proof(signed.provider_ref)}
    assert set(formats) == set(scene.provider.capabilities.proof_formats)
    assert all(person(rank).email in inspect(formats["pdf"]).text for rank in (1, 2)), "names the signers"
    assert json.loads(formats.get("json", b"[true]"))


def test_files_that_are_not_ready_are_asked_for_again(scene: Scene, signed: Sent) -> None:
    scene.hands.not_ready(2)
    for call in (scene.provider.signed_file, scene.provider.proof):
        with pytest.raises(Retryable) as raised:
            call(signed.provider_ref)
        assert raised.value.after
    assert scene.provider.signed_file(signed.provider_ref)
    assert scene.provider.proof(signed.provider_ref)


def test_before_the_last_signature_there_is_nothing_yet(scene: Scene) -> None:
    sent = scene.provider.send(order(2), again=False)
    scene.hands.sign(sent.provider_ref, sent.signers[0].provider_ref)
    for call in (scene.provider.signed_file, scene.provider.proof):
        with pytest.raises(Retryable):
            call(sent.provider_ref)


def test_what_ended_unsigned_will_never_have_files(scene: Scene) -> None:
    sent = scene.provider.send(order(1), again=False)
    scene.hands.decline(sent.provider_ref, sent.signers[0].provider_ref, "non")
    for call in (scene.provider.signed_file, scene.provider.proof):
        with pytest.raises(Refused) as raised:
            call(sent.provider_ref)
        assert raised.value.code == "not_signed"


def test_a_cut_download_is_asked_for_again(scene: Scene, signed: Sent) -> None:
    for kind in ("truncate", "cut_before", "cut_after"):
        scene.control.fault(kind, *scene.case.signed_file_call)
        with pytest.raises(Retryable) as raised:
            scene.provider.signed_file(signed.provider_ref)
        assert not isinstance(raised.value, Unknown)
    assert scene.provider.signed_file(signed.provider_ref).startswith(b"%PDF-")


def test_what_is_not_a_whole_pdf_is_not_taken_for_one(scene: Scene, signed: Sent) -> None:
    for body in ("", "<html>busy</html>", "%PDF-1.7 and no end", "PK\x03\x04"):
        scene.control.fault("error", *scene.case.signed_file_call, status=200, body=body)
        with pytest.raises(Retryable):
            scene.provider.signed_file(signed.provider_ref)


def test_a_slow_download_arrives(scene: Scene, signed: Sent) -> None:
    scene.control.fault("drip", *scene.case.signed_file_call, seconds=0.4)
    assert scene.provider.signed_file(signed.provider_ref).startswith(b"%PDF-")


def test_a_proof_that_is_not_whole_is_asked_for_again(scene: Scene, signed: Sent) -> None:
    for body in ("", "<html>", "[", "{}]", '{}],"x":[{}', "[" * 10_000):
        scene.control.fault("error", *scene.case.proof_call, status=200, body=body)
        with pytest.raises(Retryable):
            scene.provider.proof(signed.provider_ref)
    formats = scene.provider.capabilities.proof_formats
    assert len(scene.provider.proof(signed.provider_ref)) == len(formats)
