"""Callbacks: authentic or not, the same event or not, and what they say. Nothing here touches a network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.signature import SignatureProvider
from domain.signature import CallbackKind, Verdict
from tests.contract import yousign
from tests.contract.providers import CASES, PREVIOUS, SECRET, Case

NOWHERE = "http://127.0.0.1:9"
HEADINGS = ["Headers", "Signature", "Event key", "Retries", "Limits", "Quirks"]

ODD_MOMENTS: list[object] = ["", "soon", "-1", "1e9", "9" * 30, True, None, [], 1.5]

every_provider = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def _of_another_body(case: Case) -> Verdict:
    """What a signature says of a body that it was not made for; where there is none, nothing."""
    return Verdict.INVALID if case.signs_body else Verdict.VERIFIED


def provider(case: Case, *secrets: str) -> SignatureProvider:
    return case.build(NOWHERE, secrets or (SECRET, PREVIOUS))


@every_provider
def test_an_authentic_callback_is_verified_whatever_the_case_of_its_header_names(case: Case) -> None:
    raw = case.callback(next(iter(case.events)))
    headers = case.sign(raw, SECRET)
    for change in (str, str.lower, str.upper):
        changed = {change(name): value for name, value in headers.items()}
        assert provider(case).verify(changed, raw) is Verdict.VERIFIED


@every_provider
def test_the_previous_secret_is_accepted_as_long_as_it_is_set(case: Case) -> None:
    raw = case.callback(next(iter(case.events)))
    headers = case.sign(raw, PREVIOUS)
    assert provider(case).verify(headers, raw) is Verdict.VERIFIED
    assert provider(case, SECRET).verify(headers, raw) is Verdict.INVALID
    assert provider(case, SECRET).verify(case.sign(raw, "another-secret"), raw) is Verdict.INVALID


@every_provider
@pytest.mark.parametrize("secrets", [(), ("",), ("", "")])
def test_without_a_secret_nothing_is_verified(case: Case, secrets: tuple[str, ...]) -> None:
    raw = case.callback(next(iter(case.events)))
    connector = case.build(NOWHERE, secrets)
    expected = Verdict.INVALID if case.published_keys else Verdict.NOT_CONFIGURED
    assert connector.verify(case.sign(raw, ""), raw) is expected
    assert connector.verify({}, raw) is expected


@every_provider
def test_a_body_with_any_one_byte_changed_is_invalid(case: Case) -> None:
    connector, raw = provider(case), case.callback(next(iter(case.events)))
    headers = case.sign(raw, SECRET)
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert connector.verify(headers, changed) is _of_another_body(case)


@every_provider
@given(data=st.data())
def test_a_body_edited_in_any_way_is_invalid(case: Case, data: st.DataObject) -> None:
    raw = case.callback(data.draw(st.sampled_from(sorted(case.events))))
    headers = case.sign(raw, SECRET)
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 20)))
    edited = raw[:start] + data.draw(st.binary(max_size=20)) + raw[end:]
    expected = Verdict.VERIFIED if edited == raw else _of_another_body(case)
    assert provider(case).verify(headers, edited) is expected


@every_provider
@given(garbage=st.text(max_size=100))
def test_any_text_instead_of_a_signature_is_invalid(case: Case, garbage: str) -> None:
    raw = case.callback(next(iter(case.events)))
    headers = dict.fromkeys(case.sign(raw, SECRET), garbage)
    assert provider(case).verify(headers, raw) is Verdict.INVALID


@every_provider
@pytest.mark.parametrize(
    "spoil",
    [
        lambda _value: "",
        lambda value: value[:-1],
        lambda value: value + "0",
        lambda value: value + "\n",
        lambda value: " " + value,
        lambda value: value.upper(),
        lambda value: value[7:],  # without "sha256=", or the head of a token
        lambda value: value.replace(value[:6], "sha1"),
        lambda value: f"{value},{value}",
        lambda value: value + "é",
        lambda value: value + "\ud800",
        lambda value: "٣" * len(value),
        lambda value: value * 10_000,
    ],
)
def test_a_signature_of_another_form_is_invalid(case: Case, spoil: object) -> None:
    assert callable(spoil)
    raw = case.callback(next(iter(case.events)))
    signed = case.sign(raw, SECRET)
    headers = {name: spoil(value) for name, value in signed.items()}
    expected = Verdict.VERIFIED if headers == signed else Verdict.INVALID
    assert provider(case).verify(headers, raw) is expected
    assert provider(case).verify({}, raw) is Verdict.INVALID


@every_provider
def test_a_repeat_has_the_key_of_the_first_and_another_event_another_key(case: Case) -> None:
    connector, keys = provider(case), set()
    for event in case.events:
        raw = case.callback(event)
        first = connector.event_key(case.sign(raw, SECRET), raw)
        again = connector.event_key({**case.sign(raw, SECRET), "X-Yousign-Retry": "3"}, raw)
        assert first == again
        keys.add(first)
    assert len(keys) == len(case.events)


@every_provider
def test_every_documented_event_is_read(case: Case) -> None:
    connector = provider(case)
    for event, kind in case.events.items():
        (callback,) = connector.parse(case.callback(event))
        assert callback.kind is kind, event
        assert callback.provider_ref
        assert callback.reference == case.reference
        assert callback.occurred_at is not None
        assert callback.occurred_at.tzinfo is not None


@every_provider
@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"null", b"[]", b"0", b'"x"', b"{}", b"{", b"\xff\xfe", b"\x00", b"[" * 100_000),
        b'{"a":' * 100_000,
        b"1" * 10_000,
        b'{"event_id":' + b"9" * 10_000 + b"}",
        b'{"event_id": NaN, "event_name": {"a": []}, "data": []}',
        b'{"event_name": "signer.done"}',
        b'{"event_name": ["signer.done"], "data": {"signature_request": {"id": "x"}}}',
        b'{"event_name": "signer.done", "data": {"signature_request": {"id": 12}}}',
        b'{"event_name": "signer.done", "data": {"signature_request": {"id": "../../x"}}}',
        b'{"event_name": "signer.done", "data": {"signature_request": {"id": "\\ud800"}}}',
        b'{"event_name": "signer.unheard_of", "data": {"signature_request": {"id": "x"}}}',
    ],
)
def test_content_that_says_nothing_gives_nothing_and_has_a_key(case: Case, raw: bytes) -> None:
    connector = provider(case)
    assert connector.parse(raw) == ()
    key = connector.event_key({}, raw)
    assert key == connector.event_key({}, raw)
    assert 0 < len(key) <= 255
    assert key.isascii()


def _places(node: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every place in nested objects, as what holds it and its key."""
    for key, value in node.items():
        yield node, key
        if isinstance(value, dict):
            yield from _places(value)


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@every_provider
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_without_an_exception(case: Case, raw: bytes) -> None:
    provider(case).parse(raw)
    assert provider(case).event_key({}, raw)


@every_provider
@given(data=st.data())
def test_a_callback_with_any_part_replaced_is_read_without_an_exception(
    case: Case, data: st.DataObject
) -> None:
    content = json.loads(case.callback(data.draw(st.sampled_from(sorted(case.events)))))
    holder, key = data.draw(st.sampled_from(list(_places(content))))
    holder[key] = data.draw(_json)
    for callback in provider(case).parse(json.dumps(content).encode()):
        assert isinstance(callback.provider_ref, str)
        for text in (callback.provider_ref, callback.reference or "", callback.signer_ref or ""):
            text.encode()  # what is stored can be encoded
        assert callback.kind in CallbackKind


@every_provider
def test_a_connector_documents_its_quirks_under_the_same_headings(case: Case) -> None:
    module = type(provider(case)).__module__
    text = Path(module.replace(".", "/") + ".py").read_text(encoding="utf-8").split('"""')[1]
    found = [line for line in text.splitlines() if line in HEADINGS]
    assert found == HEADINGS


def test_yousigns_documented_signature_is_ours() -> None:
    vector = json.loads(Path("tests/vectors/yousign/signature.json").read_text(encoding="utf-8"))
    connector = yousign.build(NOWHERE, (vector["secret"],))
    headers = {"X-Yousign-Signature-256": vector["header"]}
    assert connector.verify(headers, vector["body"].encode()) is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("1772366400", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        (1772366400, datetime(2026, 3, 1, 12, tzinfo=UTC)),
        *[(odd, None) for odd in ODD_MOMENTS],
    ],
)
def test_yousigns_event_time_is_unix_seconds_as_text(moment: object, expected: datetime | None) -> None:
    content = json.loads(yousign.callback("signer.done")) | {"event_time": moment}
    (callback,) = yousign.build(NOWHERE, ()).parse(json.dumps(content).encode())
    assert callback.occurred_at == expected
    assert (callback.provider_ref, callback.signer_ref) == (yousign.REQUEST, yousign.SIGNER)
