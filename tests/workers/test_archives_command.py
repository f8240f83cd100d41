"""What the operator asks of the copies: how they stand, a verification, a restore test, an opened file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from commands.doctor import findings
from domain.steps import StepKind
from store import conventions, documents
from store.models import ArchiveCopy, Convention
from tests.contract.orders import pdf
from tests.documents.sealing import seal
from tests.fixtures.databases import one_database
from tests.fixtures.sandbox import Sandbox
from tests.workers import shelf
from tests.workers.desk import Desk
from workers.restoring import REPORT

pytestmark = one_database
DAY = 86_400.0


@pytest.fixture
def desk(tmp_path: Path, database_url: str, sandbox: Sandbox) -> Iterator[Desk]:
    made = Desk(
        tmp_path,
        DATABASE_URL=database_url,
        PARAPHE_SANDBOX_URL=sandbox.url,
        PARAPHE_ARCHIVES=",".join(shelf.ARCHIVES),
        **shelf.environ(sandbox),
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def agreement() -> bytes:
    """Soundly signed."""
    return seal(pdf(1))


def filed(desk: Desk, signed: bytes, *archives: str) -> str:
    convention_id = shelf.filed(desk, *(archives or shelf.ARCHIVES), signed=signed, proof_json=b"{}")
    with desk.runtime.database.transaction() as tx:
        documents.put(tx, convention_id, desk.now, "rendered", "application/pdf", pdf(1))
    return convention_id


def status(desk: Desk) -> dict[str, Any]:
    told = shelf.command(desk, "status", "--json")
    assert told.exit_code == 0
    found: dict[str, Any] = json.loads(told.output)
    return found


def change_copies(desk: Desk, convention_id: str, archive: str, **values: Any) -> None:
    with desk.runtime.database.transaction() as tx:
        for copy in conventions.lock(tx, convention_id).copies:
            if copy.archive == archive and copy.kind == "signed":
                for name, value in values.items():
                    setattr(copy, name, value)


def ready(desk: Desk) -> dict[str, Any]:
    answer = desk.client.get("/readyz")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()["restore_test"]
    return told


def test_status_tells_what_there_is_and_what_is_missing(desk: Desk) -> None:
    assert "rien n'est encore archivé" in shelf.command(desk, "status").output
    shelf.filed(desk, *shelf.ARCHIVES)
    shelf.filed(desk, "folder")
    told = status(desk)
    short, whole = sorted(told["conventions"], key=lambda one: one["copies"])  # both of one moment
    assert (whole["copies"], whole["media"]) == (len(shelf.ARCHIVES), 3)
    assert (whole["off_site"], whole["holds"]) == (True, True)
    assert whole["files"] == dict.fromkeys(("signed", "proof_json"), len(shelf.ARCHIVES))
    assert all(one["standing"] == "complete" and one["verified_at"] for one in whole["archives"])
    assert (short["copies"], short["media"], short["off_site"], short["holds"]) == (1, 1, False, False)
    assert told["total"] == {"conventions": 2, "holding": 1}
    assert len(told["to_do"]) == 3
    said = shelf.command(desk, "status")
    assert said.exit_code == 0, "it informs"
    assert "la règle 3-2-1 tient pour 1 sur 2 conventions" in said.output
    assert "PARAPHE_ARCHIVES" in said.output
    assert "Durand" not in said.output


@pytest.mark.parametrize(("said", "off_site"), [({}, True), ({"PARAPHE_S3_OFF_SITE": "false"}, False)])
def test_an_object_store_counts_as_off_site_unless_the_firm_says_it_stands_within_its_walls(
    tmp_path: Path, database_url: str, sandbox: Sandbox, said: dict[str, str], off_site: bool
) -> None:
    ours = {"DATABASE_URL": database_url, "PARAPHE_SANDBOX_URL": sandbox.url, **shelf.environ(sandbox)}
    desk = Desk(tmp_path, **ours, PARAPHE_ARCHIVES="folder,s3", **said)
    shelf.filed(desk, "folder", "s3")
    (told,) = status(desk)["conventions"]
    assert (told["copies"], told["off_site"]) == (2, off_site)
    desk.close()


def leave(desk: Desk, archive: str) -> None:
    """Its settings were taken away: what it holds stands under a name that leads nowhere."""
    left = update(ArchiveCopy).where(ArchiveCopy.archive == archive).values(archive="former")
    shelf.change_rows(desk, lambda tx: tx.execute(left))


def test_an_archive_that_is_not_set_up_any_more_hides_nothing_of_what_is_short(desk: Desk) -> None:
    shelf.filed(desk, "folder", "google_drive")
    leave(desk, "google_drive")
    shelf.change_rows(desk, lambda tx: tx.execute(update(Convention).values(archives=["folder", "former"])))
    said = [one["what"] for one in status(desk)["to_do"]]
    for words in ("n'est plus réglée", "moins de 3 copies", "moins de 2 sortes", "aucune copie hors site"):
        assert any(words in what for what in said), words


def test_a_filing_that_gave_up_is_said_and_fill_catches_up_with_an_archive_that_came_later(
    desk: Desk, sandbox: Sandbox
) -> None:
    convention_id = shelf.filed(desk, "folder")
    sandbox.control("google").fault("error", status=404, times=None)
    assert shelf.command(desk, "fill").exit_code == 0
    desk.work()
    standings = {one["archive"]: one["standing"] for one in status(desk)["conventions"][0]["archives"]}
    assert standings == dict.fromkeys(shelf.ARCHIVES, "complete") | {"google_drive": "stuck"}
    shown = desk.shown(convention_id)
    assert (shown["state"], shown["problem"]["step"]) == ("archived", "archive"), "said, and not undone"
    sandbox.control("google").clear()
    assert desk.post(f"/{convention_id}/retry").status_code == 202
    desk.work()
    assert status(desk)["total"] == {"conventions": 1, "holding": 1}
    assert desk.shown(convention_id).get("problem") is None
    assert "Classements à faire : 0" in shelf.command(desk, "fill").output


def test_verify_repairs_now_and_says_what_it_cannot_settle(desk: Desk, sandbox: Sandbox) -> None:
    convention_id = shelf.filed(desk, "folder", "google_drive")
    shelf.kit("folder", desk.folder, sandbox).delete(shelf.where(desk, convention_id, "folder"))
    done = shelf.command(desk, "verify", "--all")
    assert (done.exit_code, "réparées : 1" in done.output) == (0, True), done.output
    assert set(shelf.readable(desk, convention_id)) == {"folder", "google_drive"}
    sandbox.control("google").fault("error", status=503, times=None)
    away = shelf.command(desk, "verify")
    assert (away.exit_code, "à voir : 1" in away.output) == (1, True), away.output
    sandbox.control("google").clear()
    desk.later(3600)
    desk.work()
    assert desk.due(StepKind.VERIFY) == []
    assert desk.shown(convention_id).get("problem") is None


def test_a_restore_test_rebuilds_every_archives_tree_and_is_remembered(
    desk: Desk, agreement: bytes, tmp_path: Path
) -> None:
    assert ready(desk) == {"overdue": False}
    convention_id = filed(desk, agreement)
    into = tmp_path / "restauration"
    done = shelf.command(desk, "restore-test", "--into", into)
    assert done.exit_code == 0, done.output
    files = [path for path in into.rglob("*") if path.is_file()]
    assert len(files) == 2 * len(shelf.ARCHIVES) + 1
    for name in shelf.ARCHIVES:
        under = [path for path in files if path.is_relative_to(into / name)]
        assert sorted(path.suffix for path in under) == [".json", ".pdf"]
        assert {path.read_bytes() for path in under} == {agreement, b"{}"}
        assert all("Conventions" in path.parts for path in under)
        assert all(path.stat().st_mode & 0o077 == 0 for path in under)
    report = json.loads((into / REPORT).read_text())
    number = 2 * len(shelf.ARCHIVES)
    assert (report["passed"], report["files"], report["good"]) == (True, number, number)
    assert "Durand" not in (into / REPORT).read_text()
    assert ready(desk) == {"overdue": False, "last": desk.now.isoformat(), "passed": True}
    again = shelf.command(desk, "restore-test", "--into", into)
    assert again.exit_code == 1
    assert "n'est pas vide" in again.output

    desk.later(183 * DAY)
    assert ready(desk)["overdue"] is True
    assert "aucun n'a réussi depuis six mois" in shelf.command(desk, "status").output
    (line,) = [one for one in findings(desk.runtime) if one.text.startswith("Essai de restauration")]
    assert (line.ok, "restore-test" in line.text) == (False, True)
    assert f'paraphe_copies{{state="due"}} {number}.0' in desk.client.get("/metrics").text
    assert shelf.command(desk, "restore-test").exit_code == 0
    assert ready(desk)["overdue"] is False
    assert desk.shown(convention_id)["state"] == "archived"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/../../../evade.pdf", "archive_unsafe_name"),
        ("/a/..\\evade.pdf", "archive_unsafe_name"),
        ("/" + "x" * 300, "not_restored"),
        ("/", "archive_unsafe_name"),
    ],
)
def test_a_path_that_leads_elsewhere_is_not_followed(
    desk: Desk, agreement: bytes, tmp_path: Path, path: str, code: str
) -> None:
    convention_id = filed(desk, agreement, "folder")
    change_copies(desk, convention_id, "folder", path=path)
    before = {one for one in tmp_path.rglob("*") if one.is_file()}
    into = tmp_path / "restauration"
    done = shelf.command(desk, "restore-test", "--into", into)
    assert (done.exit_code, code in done.output) == (1, True), done.output
    new = {one for one in tmp_path.rglob("*") if one.is_file()} - before
    assert {one.name for one in new} >= {REPORT}
    assert all(one.is_relative_to(into) for one in new)
    assert not any("evade" in one.name for one in new)


def test_a_restore_test_fails_on_what_is_not_soundly_signed_changed_or_away(
    desk: Desk, sandbox: Sandbox, agreement: bytes
) -> None:
    broken = agreement.replace(b"/Type /Page", b"/Type /Pagf", 1)
    for signed in (broken, seal(pdf(2))):
        filed(desk, signed, "folder")
        done = shelf.command(desk, "restore-test", "--sample", "50")
        assert (done.exit_code, "signature_unsound" in done.output) == (1, True), done.output
    spoiled = filed(desk, agreement, "google_drive")
    shelf.kit("google_drive", desk.folder, sandbox).change(
        shelf.where(desk, spoiled, "google_drive"), b"spoiled"
    )
    assert "content_changed" in shelf.command(desk, "restore-test").output
    sandbox.control("google").fault("error", status=503, times=None)
    away = shelf.command(desk, "restore-test")
    assert (away.exit_code, "Échoué" in away.output) == (1, True)
    told = ready(desk)
    assert (told["passed"], told["overdue"]) == (False, False)
    (line,) = [one for one in findings(desk.runtime) if one.text.startswith("Essai de restauration")]
    assert not line.ok


@pytest.mark.parametrize("others", [("folder",), ()])
def test_a_restore_test_has_not_passed_while_copies_stand_where_nobody_can_look(
    desk: Desk, agreement: bytes, others: tuple[str, ...]
) -> None:
    filed(desk, agreement, *others, "google_drive")
    leave(desk, "google_drive")
    done = shelf.command(desk, "restore-test")
    assert (done.exit_code, "Réussi" in done.output) == (1, False), done.output
    assert "✗ former : archive qui n'est plus réglée" in done.output
    assert ready(desk)["passed"] is False
    assert "n'est plus réglée" in shelf.command(desk, "status").output.split("Essai de restauration")[1]


def test_what_stands_in_one_archive_while_another_is_away_is_archived_for_a_restore_test(
    desk: Desk, sandbox: Sandbox
) -> None:
    sandbox.control("google").fault("error", status=404, times=None)
    convention_id = shelf.signed(desk.runtime, "folder", "google_drive", at=desk.now)
    desk.work()
    assert desk.row(convention_id).archived_at is None
    assert "aucun encore" in shelf.command(desk, "status").output
    desk.later(183 * DAY)
    assert ready(desk)["overdue"] is True
    shelf.change_rows(desk, lambda tx: tx.query(ArchiveCopy).delete())
    assert "rien n'est encore archivé" in shelf.command(desk, "status").output
    assert ready(desk)["overdue"] is False


def test_a_sealed_copy_opens_for_this_account_alone(
    desk: Desk, sandbox: Sandbox, agreement: bytes, tmp_path: Path
) -> None:
    """Without a database: tests/workers/test_archives_opening.py."""
    filed(desk, agreement)
    kit = shelf.kit("s3", desk.folder, sandbox)
    (name,) = [path for path in kit.tree() if path.endswith(".pdf")]
    sealed, out = tmp_path / "copie.sealed", tmp_path / "copie.pdf"
    sealed.write_bytes(kit.bytes_at(name))
    assert agreement not in sealed.read_bytes()
    assert shelf.command(desk, "open", sealed, out).exit_code == 0
    assert out.read_bytes() == agreement
    assert out.stat().st_mode & 0o077 == 0
    twice = shelf.command(desk, "open", sealed, out)
    assert (twice.exit_code, "existe déjà" in twice.output) == (1, True)
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"x")
    other = shelf.command(desk, "open", sealed, tmp_path / "autre.pdf")
    assert (other.exit_code, "ne s'ouvre pas" in other.output) == (1, True)
    assert not (tmp_path / "autre.pdf").exists()


def test_the_page_tells_of_the_file_that_was_read_longest_ago_and_of_none_when_one_is_not_there(
    desk: Desk,
) -> None:
    convention_id = shelf.filed(desk, "folder", "google_drive")
    page = desk.shown(convention_id)["links"]["follow"]
    change_copies(desk, convention_id, "folder", verified_at=desk.now.replace(year=2025))
    assert "2025 à" in desk.client.get(page).text
    assert "pas encore classée" not in desk.client.get(page).text
    shelf.change_rows(
        desk, lambda tx: tx.query(ArchiveCopy).filter_by(archive="folder", kind="signed").delete()
    )
    assert "pas encore classée" in desk.client.get(page).text
