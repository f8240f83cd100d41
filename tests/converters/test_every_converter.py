"""What every converter promises, wherever it works; and what those that work elsewhere promise besides."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.converters import REGISTRY, Merger
from connectors.converters.libreoffice import LibreOffice
from documents.pdf import inspect
from domain.errors import ParapheError, Permanent, Retryable, Unknown
from tests.converters.kits import CALLS, OUTSIDE, TEXT, Kit, OfficeKit, Outside
from tests.converters.office import paragraph, word
from tests.fixtures.sandbox import Sandbox

KINDS = ["libreoffice", *OUTSIDE]
#: what carries the outcome: its failure is the conversion's
MAIN = {"google_docs": "the export", "word_online": "the PDF", "formstack": "the merge"}
EVERY_CALL = [(name, call) for name, calls in CALLS.items() for call in calls]


@pytest.fixture(params=KINDS)
def kit(request: pytest.FixtureRequest) -> Kit:
    if request.param == "libreoffice":
        office: LibreOffice = request.getfixturevalue("converter")
        return OfficeKit(office)
    sandbox: Sandbox = request.getfixturevalue("sandbox")
    return OUTSIDE[request.param](sandbox)


@pytest.fixture(params=list(OUTSIDE))
def outside(request: pytest.FixtureRequest, sandbox: Sandbox) -> Outside:
    return OUTSIDE[request.param](sandbox)


@pytest.fixture
def called(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[tuple[Outside, str]]:
    name, call = request.param
    yield OUTSIDE[name](sandbox), call


every_call = pytest.mark.parametrize(
    "called", EVERY_CALL, ids=[f"{name}-{call}" for name, call in EVERY_CALL], indirect=True
)


def failure(kit: Outside, **settings: object) -> ParapheError:
    with pytest.raises(ParapheError) as caught:
        kit.produce(kit.worker(**settings))
    said = f"{caught.value} {caught.value.detail}"
    assert "LEFÈVRE" not in said
    assert "127.0.0.1" not in said
    return caught.value


def test_this_suite_knows_every_converter_of_the_registry() -> None:
    assert set(REGISTRY) == set(KINDS)


def test_what_goes_in_is_what_the_pdf_says(kit: Kit) -> None:
    assert inspect(kit.produce(kit.worker())).holds(TEXT)
    assert kit.left() == []


def test_only_the_office_here_says_that_it_makes_pdf_a(kit: Kit) -> None:
    assert kit.worker().archival is (kit.name == "libreoffice")


def test_a_converter_that_merges_is_a_merger_and_no_other_is(kit: Kit) -> None:
    converter = kit.worker()
    assert converter.merges is isinstance(converter, Merger) is (kit.name == "formstack")


@pytest.mark.parametrize(
    "rubbish",
    [b"", b"Bonjour", b"%PDF-1.7\n%%EOF\n", word(paragraph("x"))[:-40]],
    ids=["empty", "text", "pdf", "cut"],
)
def test_rubbish_is_refused_for_good(kit: Kit, rubbish: bytes) -> None:
    with pytest.raises(Permanent):
        kit.worker().convert(rubbish)
    assert kit.left() == []


def test_documents_made_together_do_not_mix(kit: Kit) -> None:
    converter = kit.worker()
    names = [f"Client numéro {rank}" for rank in range(3)]
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda name: kit.produce(converter, name), names))
    for pdf, name in zip(made, names, strict=True):
        assert [other for other in names if inspect(pdf).holds(other)] == [name]
    assert kit.left() == []


def test_the_doctor_converts_for_real_and_names_the_least_rights(kit: Kit) -> None:
    (finding,) = kit.worker().check()
    assert finding.ok, finding.text
    assert kit.left() == []
    if isinstance(kit, Outside):
        assert "pas en PDF/A" in finding.text or "pas PDF/A" in finding.text
        assert "rôle" in finding.text or "Droits" in finding.text


def test_a_converter_that_was_closed_begins_again(kit: Kit) -> None:
    converter = kit.worker()
    converter.close()
    assert kit.produce(converter).startswith(b"%PDF-")


@every_call
def test_a_call_that_stays_cut_is_tried_again_later_and_leaves_nothing_then(
    called: tuple[Outside, str],
) -> None:
    kit, call = called
    converter = kit.worker()
    kit.strike(call, "cut_after", times=None)
    with pytest.raises(Retryable) as caught:
        kit.produce(converter)
    assert not isinstance(caught.value, Unknown)  # there is nothing that the hub would have to look for
    kit.control.clear()
    assert inspect(kit.produce(converter)).holds(TEXT)
    assert kit.left() == []


@every_call
def test_a_busy_host_is_tried_again_later(called: tuple[Outside, str]) -> None:
    kit, call = called
    kit.strike(call, "error", status=429, headers={"Retry-After": "7"}, times=None)
    refused = failure(kit)
    assert isinstance(refused, Retryable)
    if (kit.name, call) != ("google_docs", "the token"):  # Google's own client keeps that header to itself
        assert refused.after == 7


def test_a_pdf_cut_in_the_middle_is_never_taken_for_a_whole_one(outside: Outside) -> None:
    outside.strike(MAIN[outside.name], "truncate", times=None)
    assert isinstance(failure(outside), Retryable)
    assert outside.left() == []


def test_half_a_pdf_with_a_good_status_is_not_taken_for_a_whole_one(outside: Outside) -> None:
    half = "%PDF-1.7\n1 0 obj << /Type /Page >>"
    outside.strike(MAIN[outside.name], "error", status=200, body=half, times=None)
    assert isinstance(failure(outside), Retryable)
    assert outside.left() == []


def test_a_host_that_is_too_slow_is_not_waited_for(outside: Outside) -> None:
    outside.strike(MAIN[outside.name], "delay_after", seconds=3)
    assert isinstance(failure(outside, timeout_seconds=1.5), Retryable)
    assert outside.left() == []


def test_a_slow_host_is_waited_for(outside: Outside) -> None:
    outside.strike(MAIN[outside.name], "delay", seconds=0.5)
    assert inspect(outside.produce(outside.worker())).holds(TEXT)


def test_a_refused_identity_needs_a_person(outside: Outside) -> None:
    {
        "google_docs": lambda: outside.settings(key_disabled=True),
        "word_online": lambda: outside.settings(secret_expired=True),
        "formstack": lambda: outside.strike("the merge", "error", status=401, times=None),
    }[outside.name]()
    refused = failure(outside)
    assert (type(refused), refused.code) == (Permanent, f"{outside.name}_unauthorised")
    assert f"PARAPHE_{outside.name.upper()}_" in refused.detail
    (finding,) = outside.worker().check()
    assert not finding.ok


def test_nobody_at_the_address_is_tried_again_later(outside: Outside) -> None:
    nobody = "http://127.0.0.1:9"
    place = {"google_docs": "api_root", "word_online": "graph_url", "formstack": "url"}[outside.name]
    assert isinstance(failure(outside, **{place: nobody}), Retryable)
