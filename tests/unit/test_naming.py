"""Names that Drive, SharePoint, Windows and POSIX all take, whoever the client claims to be."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.naming import DEFAULT_PATTERN, archive_path, check_pattern

NOON = datetime(2026, 12, 15, 12, tzinfo=UTC)
PATTERNS = (
    DEFAULT_PATTERN,
    "{client}/{dossier}.pdf",
    "/{annee}-{mois}/{client}/{client}_{dossier}_{client}.pdf",
    "{dossier}.pdf",
)
anyone = st.text(st.characters(codec=None), max_size=300) | st.sampled_from(
    [
        "",
        ".",
        "..",
        "../../etc/passwd",
        "CON",
        "nul.txt",
        "COM1",
        "LPT¹",
        "~$x",
        "desktop.ini",
        "_vti_",
        "forms",
        "a/b\\c",
        "a" * 500,
        "é" * 300,
        "👩‍👩‍👧" * 60,
        "e\u0301" * 300,
        "\u0301" * 300,
        "x.",
        "x ",
        " .",
        "\u202efdp.exe",
        "\ud800",
        "con ",
        ".lock",
        "CON .x",
        "{date}",
        "%2e%2e%2f",
        "\x00",
        "\n",
    ]
)
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*", re.IGNORECASE)


def assert_safe(segment: str) -> None:
    assert segment
    assert segment not in {".", ".."}
    assert not set(segment) & set('"*:<>?/\\|#%')
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in segment)
    assert segment == segment.strip(" .")
    assert not segment.startswith("~")
    assert "_vti_" not in segment
    assert not RESERVED.fullmatch(segment.split(".", maxsplit=1)[0])
    assert segment.casefold() not in {".lock", "desktop.ini", "forms"}
    assert unicodedata.is_normalized("NFC", segment)
    assert len(segment.encode()) <= 255


def test_a_convention_is_filed_by_year_month_and_client() -> None:
    assert archive_path(DEFAULT_PATTERN, "Durand", NOON, "D2026-0417") == (
        ("Conventions", "2026", "12"),
        "Durand_2026-12-15_D2026-0417.pdf",
    )


@pytest.mark.parametrize(
    ("suffix", "ending"),
    [
        ("_preuve", "_preuve.pdf"),
        ("_preuve.pdf", "_preuve.pdf"),
        ("_preuve.json", "_preuve.json"),
        ("", ".pdf"),
    ],
)
def test_the_proof_lies_beside(suffix: str, ending: str) -> None:
    folders, name = archive_path(DEFAULT_PATTERN, "Durand", NOON, "D1", suffix)
    assert (folders, name) == (("Conventions", "2026", "12"), f"Durand_2026-12-15_D1{ending}")


def test_the_month_is_that_of_paris() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert archive_path(DEFAULT_PATTERN, "Durand", late, "D1") == (
        ("Conventions", "2027", "01"),
        "Durand_2027-01-01_D1.pdf",
    )


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="fuseau"):
        archive_path(DEFAULT_PATTERN, "Durand", NOON.replace(tzinfo=None), "D1")


def test_accents_stay_and_separators_go() -> None:
    _, name = archive_path(DEFAULT_PATTERN, "E\u0301loïse_d’Arc\u00a0/ Fils", NOON, "D1")
    assert name == "Éloïse-d’Arc - Fils_2026-12-15_D1.pdf"


@given(st.sampled_from(PATTERNS), anyone, anyone, st.sampled_from(["", "_preuve.json", "_preuve"]))
@example(DEFAULT_PATTERN, "é" * 300, "é" * 300, "_preuve.json")
def test_no_client_or_file_number_can_make_an_unsafe_path(
    pattern: str, client: str, dossier: str, suffix: str
) -> None:
    folders, name = archive_path(pattern, client, NOON, dossier, suffix)
    for segment in (*folders, name):
        assert_safe(segment)
    assert len("/".join((*folders, name))) < 400
    assert len(folders) == pattern.strip("/").count("/")
    assert (folders, name) == archive_path(pattern, client, NOON, dossier, suffix)


def on_disk(path: tuple[tuple[str, ...], str]) -> str:
    """What a store that ignores case and Unicode forms would compare."""
    return unicodedata.normalize("NFC", "/".join((*path[0], path[1]))).casefold()


numbers = st.text("aA0-_/ .~\u0301é\u200b", max_size=8) | anyone


@given(st.sampled_from(PATTERNS), numbers, numbers)
@example(DEFAULT_PATTERN, "2026/04", "2026-04")
@example(DEFAULT_PATTERN, "D1", "d1")
@example(DEFAULT_PATTERN, "é", "e\u0301")
@example(DEFAULT_PATTERN, "A" * 300, "A" * 301)
def test_two_file_numbers_never_share_a_name(pattern: str, one: str, other: str) -> None:
    if one != other:
        paths = {on_disk(archive_path(pattern, "Durand", NOON, number)) for number in (one, other)}
        assert len(paths) == 2


@given(anyone, anyone)
def test_the_proof_never_takes_the_place_of_another_file(client: str, dossier: str) -> None:
    document = archive_path(DEFAULT_PATTERN, client, NOON, dossier)
    proof = archive_path(DEFAULT_PATTERN, client, NOON, dossier, "_preuve")
    assert document[0] == proof[0]
    assert document[1].removesuffix(".pdf") + "_preuve.pdf" == proof[1]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("/C/{annee}/{nom}_{dossier}.pdf", "{nom}"),
        ("/C/{annee}/{client}.pdf", "{dossier}"),
        ("/C/{dossier}", ".pdf"),
        ("", ".pdf"),
        ("../{dossier}.pdf", "point"),
        ("/C//{dossier}.pdf", "vide"),
        ("/C:/{dossier}.pdf", "caractère"),
        ("/C\\{dossier}.pdf", "caractère"),
        ("/_vti_/{dossier}.pdf", "caractère"),
        ("/{/{dossier}.pdf", "caractère"),
        ("/C\u200b/{dossier}.pdf", "caractère"),
        ("/a/b/c/d/e/f/g/{dossier}.pdf", "dossiers"),
        (f"/{'x' * 80}/{{dossier}}.pdf", "long"),
        (f"{f'/{{client}}{chr(120) * 50}' * 6}/{{dossier}}.pdf", "long"),
    ],
)
def test_a_wrong_pattern_is_refused_in_french(pattern: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        check_pattern(pattern)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_right_pattern_is_accepted(pattern: str) -> None:
    check_pattern(pattern)


@pytest.mark.parametrize("suffix", ["/x", "..", "_preuve.pdf/..", "É", "x" * 40])
def test_a_suffix_is_ours_alone(suffix: str) -> None:
    with pytest.raises(ValueError, match="suffixe"):
        archive_path(DEFAULT_PATTERN, "Durand", NOON, "D1", suffix)
