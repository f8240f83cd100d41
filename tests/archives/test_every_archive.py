"""What every archive promises, whatever it is made of."""

from __future__ import annotations

import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.archives import REGISTRY, Deposit, Filed
from domain.errors import NotFound
from tests.archives.kits import MONTH, Kit, deposit

FOLDERS = ["Conventions/", "Conventions/2026/", "Conventions/2026/12/"]
NAME = "Durand_2026-12-15_2026-0142"


def filed_at_once(kit: Kit, deposits: list[Deposit]) -> list[Filed]:
    """Each deposit by a worker of its own, all together."""
    with ThreadPoolExecutor(len(deposits)) as pool:
        return list(pool.map(lambda one: kit.worker().file(one), deposits))


def under_month(*names: str) -> list[str]:
    return sorted([*FOLDERS, *(f"Conventions/2026/12/{name}" for name in names)])


def test_this_suite_knows_every_archive_of_the_registry() -> None:
    assert set(REGISTRY) == {"folder", "google_drive"}


@pytest.mark.parametrize("size", [5_000, 4 * 1024 * 1024, 10_000_000])
def test_a_deposit_reads_back_as_it_was(kit: Kit, size: int) -> None:
    content = os.urandom(size)
    filed = kit.worker().file(deposit(content))
    assert kit.worker().read(filed.ref) == content
    assert filed.path.endswith(f"/Conventions/2026/12/{NAME}.pdf")
    assert kit.tree() == under_month(f"{NAME}.pdf")


def test_the_same_deposit_again_makes_no_second_file(kit: Kit) -> None:
    first = kit.worker().file(deposit())
    assert [kit.worker().file(deposit()) for _ in range(2)] == [first, first]
    assert kit.tree() == under_month(f"{NAME}.pdf")


def test_the_same_deposit_by_many_workers_at_once_makes_one_file(kit: Kit) -> None:
    filed = filed_at_once(kit, [deposit()] * 8)
    assert len(set(filed)) == 1
    assert kit.tree() == under_month(f"{NAME}.pdf")


def test_many_workers_filing_into_a_fresh_month_make_one_folder_and_one_file_each(kit: Kit) -> None:
    deposits = [deposit(b"%d" % n, key=f"conv-{n}:signed", name=f"Client_{n}.pdf") for n in range(8)]
    filed_at_once(kit, deposits * 2)
    assert kit.tree() == under_month(*(f"Client_{n}.pdf" for n in range(8)))


def test_a_name_taken_by_other_bytes_gets_a_number_and_nothing_is_overwritten(kit: Kit) -> None:
    contents = [b"first", b"second", b"third"]
    filed = [
        kit.worker().file(deposit(content, key=f"conv-{n}:signed")) for n, content in enumerate(contents)
    ]
    assert kit.tree() == under_month(f"{NAME}.pdf", f"{NAME}_2.pdf", f"{NAME}_3.pdf")
    assert [kit.worker().read(one.ref) for one in filed] == contents


def test_other_bytes_under_one_name_at_once_get_a_number_each(kit: Kit) -> None:
    deposits = [deposit(b"%d" % n, key=f"conv-{n}:signed") for n in range(6)]
    filed = filed_at_once(kit, deposits)
    assert [kit.worker().read(one.ref) for one in filed] == [one.content for one in deposits]
    assert kit.tree() == under_month(f"{NAME}.pdf", *(f"{NAME}_{n}.pdf" for n in range(2, 7)))


@pytest.mark.parametrize(
    "name",
    [
        "Éloïse d'Aÿ-Müller_2026-12-15_12.pdf",
        "l'Été \\' or name = 'x_2026.pdf",
        "Ω мир 名前 👩‍⚖️_2026.pdf",
        "$(rm -rf)&;`id`_2026.pdf",
        "-rf_2026.pdf",
        "no extension",
        "é" * 125 + ".pdf",
    ],
)
def test_any_safe_name_is_kept_to_the_letter(kit: Kit, name: str) -> None:
    filed = kit.worker().file(deposit(name=name, folders=("Conventions d'honoraires", "2026")))
    kit.worker().file(deposit(name=name, folders=("Conventions d'honoraires", "2026")))
    assert filed.path.endswith(f"/Conventions d'honoraires/2026/{name}")
    assert len([path for path in kit.tree() if not path.endswith("/")]) == 1


def test_a_taken_name_of_the_longest_length_still_gets_its_number(kit: Kit) -> None:
    name = "é" * 125 + ".pdf"
    filed = [kit.worker().file(deposit(b"%d" % n, key=f"c{n}", name=name)) for n in range(2)]
    second = filed[1].path.rsplit("/", 1)[1]
    assert second.endswith("_2.pdf")
    assert len(second.encode()) <= 255
    assert unicodedata.is_normalized("NFC", second)


def test_a_file_that_is_no_longer_there_is_said_not_found(kit: Kit) -> None:
    kit.worker().file(deposit())
    with pytest.raises(NotFound) as caught:
        kit.worker().read("Conventions/2026/12/absent.pdf")
    assert caught.value.code == "archive_file_not_found"


def test_the_doctor_finds_a_good_archive_good_and_leaves_nothing_there(kit: Kit) -> None:
    findings = kit.worker().check()
    assert [finding.ok for finding in findings] == [True]
    assert "droits" in findings[0].text or "rôle" in findings[0].text
    assert kit.tree() == []


def test_files_of_one_convention_lie_side_by_side(kit: Kit) -> None:
    for kind, name in (
        ("signed", f"{NAME}.pdf"),
        ("proof", f"{NAME}_preuve.pdf"),
        ("json", f"{NAME}_preuve.json"),
    ):
        kit.worker().file(deposit(kind.encode(), key=f"conv-1:{kind}", name=name, folders=MONTH))
    assert kit.tree() == under_month(f"{NAME}.pdf", f"{NAME}_preuve.pdf", f"{NAME}_preuve.json")
