"""What every archive promises, whatever it is made of."""

from __future__ import annotations

import os
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.archives import Archive, Deposit, Filed
from domain.errors import NotFound, ParapheError, Permanent, Retryable
from tests.archives.kits import MONTH, Kit, deposit

FOLDERS = ["Conventions/", "Conventions/2026/", "Conventions/2026/12/"]
NAME = "Durand_2026-12-15_2026-0142"


def filed_at_once(kit: Kit, deposits: list[Deposit]) -> list[Filed]:
    """Each deposit by a worker of its own, all together."""
    with ThreadPoolExecutor(len(deposits)) as pool:
        return list(pool.map(lambda one: kit.worker().file(one), deposits))


def under_month(*names: str) -> list[str]:
    return sorted([*FOLDERS, *(f"Conventions/2026/12/{name}" for name in names)])


def files(kit: Kit) -> list[str]:
    """What a person sees there, without the folders and the unfinished."""
    return [path for path in kit.tree() if not path.endswith(("/", ".part"))]


def place(kit: Kit, filed: Filed) -> str:
    return filed.path.removesuffix(kit.ending)


def refusal(archive: Archive, one: Deposit) -> ParapheError:
    """A domain error that says nothing of the client."""
    with pytest.raises(ParapheError) as caught:
        archive.file(one)
    assert "Durand" not in f"{caught.value} {caught.value.detail}"
    return caught.value


@pytest.mark.parametrize("size", [5_000, 60_000_000])
def test_a_deposit_reads_back_as_it_was(kit: Kit, size: int) -> None:
    content = os.urandom(size)
    filed = kit.worker().file(deposit(content))
    assert kit.worker().read(filed.ref) == content
    assert place(kit, filed).endswith(f"/Conventions/2026/12/{NAME}.pdf")
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
    filed = filed_at_once(kit, deposits * 2)
    assert kit.tree() == under_month(*(f"Client_{n}.pdf" for n in range(8)))
    assert len({kit.home(one) for one in filed}) == 1


def test_a_person_who_makes_the_month_meanwhile_parts_no_files(kit: Kit) -> None:
    deposits = [deposit(b"%d" % n, key=f"conv-{n}:signed", name=f"Client_{n}.pdf") for n in range(8)]
    with ThreadPoolExecutor(1) as pool:
        person = pool.submit(kit.by_hand, MONTH, "hers.pdf", b"hers")
        filed = filed_at_once(kit, deposits)
        person.result()
    assert len({kit.home(one) for one in filed}) == 1
    assert files(kit) == under_month(*(f"Client_{n}.pdf" for n in range(8)), "hers.pdf")[3:]


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
        "l'Été' or name = 'x_2026.pdf",
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
    assert place(kit, filed).endswith(f"/Conventions d'honoraires/2026/{name}")
    assert files(kit) == [f"Conventions d'honoraires/2026/{name}"]


def test_a_name_that_is_no_safe_name_is_refused_and_nothing_is_written(kit: Kit) -> None:
    """No name of ours is like that: this is the last door."""
    worker = kit.worker()
    for part in (
        *("", ".", "..", "../x.pdf", "/etc/passwd", "a/b.pdf", "a\\b.pdf", "CON.pdf", "lpt1"),
        *("x\0.pdf", "x\n.pdf", "x\x7f.pdf", "\ud800.pdf", "x" * 252 + ".pdf"),
    ):
        for hostile in (deposit(name=part), deposit(folders=("Conventions", part))):
            refused = refusal(worker, hostile)
            assert (type(refused), refused.code) == (Permanent, "archive_unsafe_name")
    assert kit.tree() == []


def test_a_taken_name_of_the_longest_length_still_gets_its_number(kit: Kit) -> None:
    name = "é" * 125 + ".pdf"
    filed = [kit.worker().file(deposit(b"%d" % n, key=f"c{n}", name=name)) for n in range(2)]
    second = place(kit, filed[1]).rsplit("/", 1)[1]
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
    assert findings
    assert all(finding.ok for finding in findings)
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


@pytest.mark.parametrize("trouble", ["full", "forbid"])
def test_no_room_or_no_rights_is_said_and_leaves_nothing(kit: Kit, trouble: str) -> None:
    kit.worker().file(deposit(b"before", key="conv-0:signed", name="before.pdf"))
    one = deposit(os.urandom(2_000_000))
    getattr(kit, trouble)()
    refused = refusal(kit.worker(), one)
    kit.recover()
    if trouble == "forbid":
        assert isinstance(refused, Permanent)
        assert re.search("droit|rôle", refused.detail)
    else:
        assert isinstance(refused, Permanent | Retryable)
        assert re.search("place|quota", refused.detail)
    assert kit.tree() == under_month("before.pdf")
    assert kit.worker().read(kit.worker().file(one).ref) == one.content
    assert kit.tree() == under_month("before.pdf", f"{NAME}.pdf")


def test_an_archive_that_asks_to_wait_is_waited_for(kit: Kit) -> None:
    if not kit.throttles:
        pytest.skip("a disk asks nobody to wait")
    kit.throttle(7)
    refused = refusal(kit.worker(), deposit())
    assert isinstance(refused, Retryable)
    assert refused.after == 7
    kit.recover()
    kit.worker().file(deposit())
    assert kit.tree() == under_month(f"{NAME}.pdf")


def test_an_upload_cut_in_the_middle_is_one_good_file_in_the_end(kit: Kit) -> None:
    one = deposit(os.urandom(9_000_000))
    kit.cut_upload(one)
    assert files(kit) == []
    filed = kit.worker().file(one)
    assert kit.worker().read(filed.ref) == one.content
    assert files(kit) == [f"Conventions/2026/12/{NAME}.pdf"]


def test_a_write_whose_answer_was_lost_is_found_and_not_written_again(kit: Kit) -> None:
    kit.lose_answer(deposit())
    filed = kit.worker().file(deposit())
    assert kit.worker().read(filed.ref) == deposit().content
    assert place(kit, filed).endswith(f"/{NAME}.pdf")
    assert kit.tree() == under_month(f"{NAME}.pdf")


def test_a_copy_that_somebody_deleted_is_filed_again(kit: Kit) -> None:
    kit.delete(kit.worker().file(deposit()))
    again = kit.worker().file(deposit())
    assert kit.worker().read(again.ref) == deposit().content
    assert kit.tree() == under_month(f"{NAME}.pdf")


def test_a_copy_that_somebody_changed_is_left_to_them_and_filed_beside_it(kit: Kit) -> None:
    filed = kit.worker().file(deposit())
    kit.change(filed, b"theirs")
    again = [kit.worker().file(deposit()) for _ in range(2)]
    assert again[0] == again[1]
    assert kit.worker().read(again[0].ref) == deposit().content
    assert place(kit, again[0]).endswith(f"/{NAME}_2.pdf")
    assert kit.tree() == under_month(f"{NAME}.pdf", f"{NAME}_2.pdf")
    assert kit.bytes_at(f"Conventions/2026/12/{NAME}.pdf") == b"theirs"
