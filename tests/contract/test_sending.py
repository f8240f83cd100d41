"""Sending reaches the signers exactly once, whatever happens on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from domain.errors import NotFound, ParapheError, Permanent, Refused, Retryable, Unknown
from domain.signature import Authentication, Level, Order, RequestStatus, Sent, Signer, SignerStatus
from tests.contract.conftest import Scene
from tests.contract.orders import order, pdf, person
from tests.contract.providers import CASES

every_call = pytest.mark.parametrize(
    ("case", "nth"),
    [
        pytest.param(case, nth, id=f"{case.name}-{nth}")
        for case in CASES
        for nth in range(len(case.send_calls))
    ],
)


def strike(scene: Scene, nth: int, kind: str, **details: object) -> None:
    """Order a fault on the nth call of sending, the last when there are fewer."""
    method, path = scene.case.send_calls[min(nth, len(scene.case.send_calls) - 1)]
    scene.control.fault(kind, method, path, **details)


def assert_sent_once(scene: Scene, sent: Sent, reference: str, invitations: int) -> None:
    assert scene.hands.live(reference) == [sent.provider_ref]
    assert scene.hands.drafts() == []
    assert scene.hands.invitations() == invitations
    assert scene.provider.progress(sent.provider_ref).status is RequestStatus.ONGOING


@pytest.mark.parametrize("signers", [1, 2, 3])
def test_in_parallel_all_are_invited_at_once_and_any_order_completes(scene: Scene, signers: int) -> None:
    asked = order(signers, order=Order.PARALLEL)
    sent = scene.provider.send(asked, again=False)
    assert [signer.key for signer in sent.signers] == [signer.key for signer in asked.signers]
    assert all(bool(signer.link) is scene.case.links for signer in sent.signers)
    assert_sent_once(scene, sent, asked.reference, invitations=signers)

    for signer in reversed(sent.signers):
        scene.hands.sign(sent.provider_ref, signer.provider_ref)
    done = scene.provider.progress(sent.provider_ref)
    assert done.status is RequestStatus.COMPLETED
    assert [one.status for one in done.signers] == [SignerStatus.SIGNED] * signers
    assert done.completed_at is not None
    assert all(one.signed_at and one.signed_at.tzinfo for one in done.signers)


def test_in_sequence_each_waits_for_the_one_before(scene: Scene) -> None:
    asked = order(3, order=Order.SEQUENTIAL)
    sent = scene.provider.send(asked, again=False)
    for turn, signer in enumerate(sent.signers):
        now = scene.provider.progress(sent.provider_ref)
        assert now.status is RequestStatus.ONGOING
        status = {one.provider_ref: one.status for one in now.signers}
        assert [status[one.provider_ref] for one in sent.signers] == [
            *[SignerStatus.SIGNED] * turn,
            SignerStatus.NOTIFIED,
            *[SignerStatus.WAITING] * (2 - turn),
        ]
        scene.hands.sign(sent.provider_ref, signer.provider_ref)
    assert scene.provider.progress(sent.provider_ref).status is RequestStatus.COMPLETED


@every_call
@pytest.mark.parametrize("kind", ["cut_after", "cut_before"])
def test_a_lost_answer_is_unknown_and_trying_again_sends_once(scene: Scene, nth: int, kind: str) -> None:
    strike(scene, nth, kind)
    asked = order(2)
    with pytest.raises(Unknown):
        scene.provider.send(asked, again=False)
    sent = scene.provider.send(asked, again=True)
    assert [signer.key for signer in sent.signers] == ["s1", "s2"]
    assert all(bool(signer.link) is scene.case.links for signer in sent.signers)
    assert_sent_once(scene, sent, asked.reference, invitations=2)


@every_call
def test_answers_lost_again_and_again_still_send_once(scene: Scene, nth: int) -> None:
    strike(scene, nth, "cut_after", times=2)
    asked = order(2)
    for again in (False, True):
        try:
            scene.provider.send(asked, again=again)
        except Unknown:
            continue
    sent = scene.provider.send(asked, again=True)
    assert_sent_once(scene, sent, asked.reference, invitations=2)


@every_call
@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_provider_in_trouble_is_tried_again_and_sends_once(scene: Scene, nth: int, status: int) -> None:
    strike(scene, nth, "error", status=status, headers={"Retry-After": "9"})
    asked = order(2)
    with pytest.raises(Retryable) as raised:
        scene.provider.send(asked, again=False)
    assert raised.value.after == 9
    sent = scene.provider.send(asked, again=True)
    assert_sent_once(scene, sent, asked.reference, invitations=2)


@every_call
def test_an_answer_that_cannot_be_read_is_unknown(scene: Scene, nth: int) -> None:
    strike(scene, nth, "error", status=201, body="<html>")
    with pytest.raises(Unknown):
        scene.provider.send(order(2), again=False)


@every_call
def test_a_final_refusal_leaves_nothing_behind(scene: Scene, nth: int) -> None:
    strike(scene, nth, "error", status=400, body={"type": "bad_request", "detail": "Claire Durand"})
    asked = order(2)
    with pytest.raises(Permanent) as raised:
        scene.provider.send(asked, again=False)
    assert raised.value.code == f"{scene.case.name}_refused"
    assert "Durand" not in raised.value.detail
    assert (scene.hands.live(asked.reference), scene.hands.drafts()) == ([], [])


def test_trying_again_what_was_never_sent_sends_it(scene: Scene) -> None:
    asked = order(2)
    assert_sent_once(scene, scene.provider.send(asked, again=True), asked.reference, invitations=2)


@pytest.mark.parametrize("end", ["ongoing", "signed", "declined", "cancelled", "expired"])
def test_trying_again_finds_what_was_sent_however_it_ended(scene: Scene, end: str) -> None:
    asked = order(2)
    sent = scene.provider.send(asked, again=False)
    first, second = sent.signers
    if end == "signed":
        scene.hands.sign(sent.provider_ref, first.provider_ref)
        scene.hands.sign(sent.provider_ref, second.provider_ref)
    if end == "declined":
        scene.hands.decline(sent.provider_ref, first.provider_ref, "non")
    if end == "cancelled":
        scene.provider.cancel(sent.provider_ref, "")
    if end == "expired":
        scene.hands.expire(sent.provider_ref)
    again = scene.provider.send(asked, again=True)
    assert again.provider_ref == sent.provider_ref
    assert [(one.key, one.provider_ref) for one in again.signers] == [
        (one.key, one.provider_ref) for one in sent.signers
    ]
    assert scene.hands.invitations() == 2


def test_a_draft_that_a_person_threw_away_is_built_anew(scene: Scene) -> None:
    asked = order(2)
    strike(scene, 1, "cut_before")
    with pytest.raises(Unknown):
        scene.provider.send(asked, again=False)
    scene.hands.bin_drafts()
    assert_sent_once(scene, scene.provider.send(asked, again=True), asked.reference, invitations=2)


def test_another_convention_is_not_mistaken_for_ours(scene: Scene) -> None:
    other, ours = order(1), order(1)
    scene.provider.send(other, again=False)
    assert scene.provider.find(ours.reference) is None
    sent = scene.provider.send(ours, again=True)
    found = scene.provider.find(ours.reference)
    assert found == sent
    assert scene.hands.live(other.reference) != scene.hands.live(ours.reference)


def test_only_a_live_request_is_found(scene: Scene) -> None:
    asked = order(2)
    strike(scene, len(scene.case.send_calls) - 1, "cut_before")
    with pytest.raises(Unknown):
        scene.provider.send(asked, again=False)
    assert scene.provider.find(asked.reference) is None
    sent = scene.provider.send(asked, again=True)
    assert scene.provider.find(asked.reference) == sent
    scene.provider.cancel(sent.provider_ref, "")
    assert scene.provider.find(asked.reference) is None


def test_a_document_without_a_place_for_each_signer_is_not_sent(scene: Scene) -> None:
    asked = order(2, pdf=pdf(1), signers=(person(1), replace(person(2), place=None)))
    with pytest.raises(Permanent) as raised:
        scene.provider.send(asked, again=False)
    assert raised.value.code == "anchors_missing"
    assert (scene.hands.live(asked.reference), scene.hands.drafts()) == ([], [])
    assert scene.hands.invitations() == 0


def test_what_a_provider_cannot_do_is_refused_before_anything_is_sent(scene: Scene) -> None:
    able = scene.provider.capabilities
    too_late = datetime.now(UTC).date() + timedelta(days=able.longest_days + 2)
    too_much = [order(1, expires_on=too_late)]
    if able.max_pages:
        too_much.append(order(1, pages=able.max_pages + 1))
    if able.max_signers:
        too_much.append(order(1, signers=(person(1),) * (able.max_signers + 1)))
    for level, authentication in product(Level, Authentication):
        asked = order(1, level=level, signers=(person(1, authentication),))
        if authentication in able.checks.get(level, ()):
            scene.provider.send(asked, again=False)
        else:
            too_much.append(asked)
    before = len(scene.sent())
    for asked in too_much:
        with pytest.raises(Refused) as refused:
            scene.provider.send(asked, again=False)
        assert refused.value.code == "capability_missing"
    assert len(scene.sent()) == before
    assert able.checks[Level.SIMPLE], "every provider sells the simple signature"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("  Claire ", "Durand-Le  Goff"),
        ("Jean‑Noël", "O’Neil"),
        ("Zoe\u0308", "Nguye\u0302\u0303n"),
        ("Nguyễn", "Ðorđe"),
        ("Anne (dite Nanon)", "L'Hôpital"),
        ("Ștefan", "Țepeș"),
        ("J. P.", "Dupont & Fils"),
        ("Louis 2", "Martin3"),
        ("Œdipe", "Straße"),
        ("A", "x" * 400),
        ("ﬁona", "Ⅳ\u200bb"),
    ],
)
def test_names_as_people_write_them_are_accepted(scene: Scene, first: str, last: str) -> None:
    asked = order(1, signers=(_named(first, last),))
    sent = scene.provider.send(asked, again=False)
    assert scene.provider.send(asked, again=True) == sent


def test_names_that_cannot_be_written_are_refused_before_anything_is_sent(scene: Scene) -> None:
    for name in scene.case.refused_names:
        with pytest.raises(Refused) as raised:
            scene.provider.send(order(1, signers=(_named("", name),)), again=False)
        assert raised.value.code == "signer_name_not_accepted"
        assert name.strip() not in raised.value.detail or not name.strip()
    assert scene.sent() == []


@pytest.mark.parametrize("title", ["Convention <b>n° 1</b> https://a.example/x", "é" * 300, "a\nb\x00c"])
def test_any_title_and_file_name_is_accepted(scene: Scene, title: str) -> None:
    asked = order(1, title=title, file_name=f" ../{title}.pdf ")
    assert_sent_once(scene, scene.provider.send(asked, again=False), asked.reference, invitations=1)


def test_a_code_by_sms_needs_a_telephone(scene: Scene) -> None:
    signer = replace(person(1, Authentication.SMS_CODE), phone=None)
    with pytest.raises(Refused) as raised:
        scene.provider.send(order(1, signers=(signer,)), again=False)
    assert raised.value.code == "signer_phone_missing"
    assert scene.sent() == []


def test_a_wrong_key_says_which_settings_to_check(scene: Scene) -> None:
    provider = scene.case.key_refused(scene.url)
    for again in (False, True):
        with pytest.raises(Permanent) as raised:
            provider.send(order(1), again=again)
        assert raised.value.code == f"{scene.case.name}_unauthorised"
        assert f"PARAPHE_{scene.case.name.upper()}" in raised.value.detail
    assert [line.ok for line in provider.check()][:1] == [False]


def test_what_the_provider_does_not_know_is_not_found(scene: Scene) -> None:
    unknown = "11111111-2222-4333-8444-555555555555"
    for call in (
        lambda: scene.provider.progress(unknown),
        lambda: scene.provider.signed_file(unknown),
        lambda: scene.provider.proof(unknown),
        lambda: scene.provider.cancel(unknown, ""),
        lambda: scene.provider.remind(unknown, unknown),
    ):
        with pytest.raises(NotFound):
            call()


@pytest.mark.parametrize("ref", ["", ".", "..", "../webhooks", "a/b", "a?b", "a#b", "a%2fb", "é", "x" * 300])
def test_an_identifier_that_would_call_something_else_never_leaves(scene: Scene, ref: str) -> None:
    with pytest.raises(ParapheError):
        scene.provider.progress(ref)
    with pytest.raises(ParapheError):
        scene.provider.cancel(ref, "")
    assert scene.sent() == []


def _named(first: str, last: str) -> Signer:
    return replace(person(1), first_name=first, last_name=last)
