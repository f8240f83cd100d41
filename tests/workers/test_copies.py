"""What was archived is read back, made again from a good copy, and said to be lost when there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import NotFound
from domain.steps import StepKind, StepState
from sandbox.s3 import PLAIN_BUCKET
from store import journal
from store.models import ArchiveCopy
from store.steps import LeaseLost
from tests.archives.kits_s3 import S3Kit
from tests.fixtures.databases import one_database
from tests.fixtures.sandbox import Sandbox
from tests.workers import shelf
from tests.workers.desk import Desk
from workers.clock import tick
from workers.steps import verify

DAY = 86_400.0
CONTENT = b"%PDF-1.7 signed"


@pytest.fixture
def desk(tmp_path: Path, database_url: str, sandbox: Sandbox) -> Iterator[Desk]:
    """With every archive set up."""
    made = Desk(
        tmp_path,
        DATABASE_URL=database_url,
        PARAPHE_SANDBOX_URL=sandbox.url,
        PARAPHE_COPIES_SAMPLE="2",
        **shelf.environ(sandbox),
    )
    yield made
    made.close()


def days(desk: Desk, number: int) -> None:
    """So many days later the clock looks, twice, and the workers do what it wrote."""
    desk.later(number * DAY)
    for _ in range(2):
        tick(desk.runtime)
        desk.work()


def happened(desk: Desk, convention_id: str) -> list[str]:
    return [e for e in desk.events(convention_id) if e != "convention.archived"]


@one_database
@pytest.mark.parametrize("trouble", ["delete", "change"])
def test_a_copy_that_is_gone_or_changed_is_made_again(desk: Desk, sandbox: Sandbox, trouble: str) -> None:
    convention_id = shelf.filed(desk, *shelf.ARCHIVES)
    lost = set()
    for name in shelf.ARCHIVES:
        kit, where = shelf.kit(name, desk.folder, sandbox), shelf.where(desk, convention_id, name)
        kit.delete(where) if trouble == "delete" else kit.change(where, b"spoiled")
        try:
            lost |= set() if desk.runtime.archive(name).read(where.ref) == CONTENT else {name}
        except NotFound:
            lost.add(name)
    assert lost == set(shelf.ARCHIVES) - {"s3"}, "an object has its version still"
    days(desk, 29)
    assert happened(desk, convention_id) == []
    days(desk, 1)
    assert shelf.readable(desk, convention_id) == dict.fromkeys(shelf.ARCHIVES, CONTENT)
    assert happened(desk, convention_id) == ["convention.copy_repaired"] * len(lost)
    shown = desk.shown(convention_id)
    assert (shown["state"], shown.get("problem")) == ("archived", None)
    assert {one["verified_at"] for one in shown["archives"]} == {desk.now.isoformat()}
    assert len(desk.steps(convention_id, StepKind.WRITE_BACK)) == 2, "the record leads to where it is now"
    with desk.runtime.database.reading() as session:
        entries = [e for e in journal.entries(session, convention_id) if e.action == "copy_repaired"]
    assert {entry.details["archive"] for entry in entries} == lost
    assert all(entry.details["files"] == ["signed"] for entry in entries)
    days(desk, 1)
    assert len(happened(desk, convention_id)) == len(lost)


@one_database
def test_without_the_hubs_own_document_another_archive_serves(desk: Desk, sandbox: Sandbox) -> None:
    convention_id = shelf.filed(desk, "folder", "google_drive")
    shelf.forget(desk, convention_id)
    shelf.kit("folder", desk.folder, sandbox).delete(shelf.where(desk, convention_id, "folder"))
    days(desk, 30)
    assert shelf.readable(desk, convention_id) == {"folder": CONTENT, "google_drive": CONTENT}
    assert happened(desk, convention_id) == ["convention.copy_repaired"]


@one_database
def test_what_is_lost_is_said_once_and_comes_right_when_one_good_copy_returns(
    desk: Desk, sandbox: Sandbox
) -> None:
    convention_id = shelf.filed(desk, "folder", "google_drive")
    shelf.forget(desk, convention_id)
    kept = shelf.where(desk, convention_id, "folder")
    shelf.kit("folder", desk.folder, sandbox).delete(kept)
    shelf.kit("google_drive", desk.folder, sandbox).change(
        shelf.where(desk, convention_id, "google_drive"), b"spoiled"
    )
    for number in (30, 1, 1):
        days(desk, number)
    assert sorted(happened(desk, convention_id)) == ["convention.copy_lost"] * 2 + ["convention.failed"]
    shown = desk.shown(convention_id)
    assert (shown["state"], shown["problem"]["code"]) == ("archived", "copy_lost")
    assert [one["state"] for one in shown["archives"] if one["kind"] == "signed"] == ["lost", "lost"]
    assert len(desk.steps(convention_id, StepKind.VERIFY)) == 1, "looked for each day by one step"
    assert "fichier perdu" in shelf.command(desk, "status").output
    Path(kept.path).write_bytes(CONTENT)
    days(desk, 1)
    assert shelf.readable(desk, convention_id) == {"folder": CONTENT, "google_drive": CONTENT}
    assert desk.shown(convention_id).get("problem") is None
    assert happened(desk, convention_id)[-1] == "convention.copy_repaired"


@one_database
def test_an_archive_that_is_away_proves_nothing_and_holds_nobody_back(desk: Desk, sandbox: Sandbox) -> None:
    """The only good copy is in the archive that is away."""
    convention_id = shelf.filed(desk, "folder", "google_drive")
    shelf.forget(desk, convention_id)
    shelf.kit("folder", desk.folder, sandbox).delete(shelf.where(desk, convention_id, "folder"))
    sandbox.control("google").fault("error", status=503, times=None)
    days(desk, 30)
    assert happened(desk, convention_id) == []
    assert desk.step(convention_id, StepKind.VERIFY).state == StepState.WAITING.value
    found = shelf.copies(desk, convention_id)
    assert {key: copy.state for key, copy in found.items() if copy.state != "kept"} == {
        ("folder", "signed"): "missing"
    }
    assert found["folder", "proof_json"].verified_at == desk.now, "the others are done"
    sandbox.control("google").clear()
    desk.later(3600)
    tick(desk.runtime)
    desk.work()
    assert shelf.readable(desk, convention_id) == {"folder": CONTENT, "google_drive": CONTENT}
    assert happened(desk, convention_id) == ["convention.copy_repaired"]


def test_however_many_clocks_a_day_has_one_sample_and_the_oldest_come_first(desk: Desk) -> None:
    made = []
    for _ in range(5):
        made.append(shelf.filed(desk, "folder"))
        desk.later(60)
    desk.later(30 * DAY)
    asked: list[list[str]] = []
    for _ in range(3):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: tick(desk.runtime), range(2)))
        planned = [one for one in made if desk.due(StepKind.VERIFY) and desk.steps(one, StepKind.VERIFY)]
        asked.append([one for one in planned if all(one not in before for before in asked)])
        desk.work()
        tick(desk.runtime)
        assert desk.due(StepKind.VERIFY) == [], "the day has had its sample"
        desk.later(DAY)
    assert asked == [made[:2], made[2:4], made[4:]]
    assert all(len(desk.steps(one, StepKind.VERIFY)) == 1 for one in made)


@one_database
def test_a_copy_in_an_archive_that_is_no_longer_set_up_is_said_and_stops_nothing(desk: Desk) -> None:
    convention_id = shelf.filed(desk, "folder")
    digest = hashlib.sha256(CONTENT).hexdigest()
    there = {"archive": "coffre", "kind": "signed", "ref": "r", "path": "/p", "sha256": digest}
    shelf.change_rows(
        desk, lambda tx: tx.add(ArchiveCopy(convention_id=convention_id, verified_at=desk.now, **there))
    )
    days(desk, 30)
    assert desk.step(convention_id, StepKind.VERIFY).state == StepState.DONE.value
    found = shelf.copies(desk, convention_id)
    assert found["folder", "signed"].verified_at == desk.now
    assert found["coffre", "signed"].verified_at == desk.now - timedelta(days=30)
    assert "coffre (archive qui n'est plus réglée" in shelf.command(desk, "status").output


@one_database
def test_a_worker_that_was_thought_dead_records_nothing(desk: Desk, sandbox: Sandbox) -> None:
    convention_id = shelf.filed(desk, "folder")
    shelf.forget(desk, convention_id)
    shelf.kit("folder", desk.folder, sandbox).delete(shelf.where(desk, convention_id, "folder"))
    desk.later(30 * DAY)
    tick(desk.runtime)
    (planned,) = desk.due(StepKind.VERIFY)
    late = desk.claim(planned)
    desk.lease_runs_out()
    desk.claim(planned)
    with pytest.raises(LeaseLost):
        verify.run(desk.runtime, late)
    assert happened(desk, convention_id) == []
    assert shelf.copies(desk, convention_id)["folder", "signed"].state == "kept"


@one_database
def test_a_sealed_copy_that_was_changed_is_made_again_and_is_not_counted_meanwhile(
    tmp_path: Path, database_url: str, sandbox: Sandbox
) -> None:
    """In a bucket without versions: the hub holds the good bytes."""
    plain = {"PARAPHE_S3_BUCKET": PLAIN_BUCKET, "PARAPHE_S3_RETAIN_DAYS": "0"}
    desk = Desk(
        tmp_path,
        DATABASE_URL=database_url,
        PARAPHE_SANDBOX_URL=sandbox.url,
        **shelf.environ(sandbox) | plain,
    )
    convention_id = shelf.filed(desk, "folder", "google_drive", "s3")
    S3Kit(sandbox, bucket=PLAIN_BUCKET).change(shelf.where(desk, convention_id, "s3"), b"spoiled")
    days(desk, 30)
    assert happened(desk, convention_id) == ["convention.copy_repaired"]
    assert shelf.readable(desk, convention_id)["s3"] == CONTENT
    desk.close()


@one_database
def test_what_is_verified_on_demand_is_read_whatever_an_earlier_try_saw(desk: Desk, sandbox: Sandbox) -> None:
    convention_id = shelf.filed(desk, "folder", "google_drive")
    sandbox.control("google").fault("error", status=503, times=None)
    assert shelf.command(desk, "verify", "--all").exit_code == 1
    sandbox.control("google").clear()
    where = shelf.where(desk, convention_id, "folder")
    shelf.kit("folder", desk.folder, sandbox).delete(where)
    desk.later(3600)
    done = shelf.command(desk, "verify", "--all")
    assert "réparées : 1" in done.output, done.output
    assert Path(where.path).exists()


@one_database
def test_an_archive_that_is_no_longer_set_up_does_not_keep_a_convention_from_being_archived(
    tmp_path: Path, database_url: str, sandbox: Sandbox
) -> None:
    """The firm left Google while a convention was with its signers."""
    ours = {"DATABASE_URL": database_url, "PARAPHE_SANDBOX_URL": sandbox.url}
    ours["PARAPHE_ENCRYPTION_KEYS"] = "k1:" + "A" * 43 + "="
    before = Desk(tmp_path, **ours, **shelf.environ(sandbox))
    convention_id = shelf.signed(before.runtime, "folder", "google_drive", at=before.now)
    before.close()
    left = {name: value for name, value in shelf.environ(sandbox).items() if "GOOGLE_DRIVE" not in name}
    desk = Desk(tmp_path, **ours, **left, PARAPHE_ARCHIVES="folder,sharepoint,s3")
    desk.work()
    shelf.command(desk, "fill")
    desk.work()
    desk.post(f"/{convention_id}/retry")
    desk.work()
    assert desk.shown(convention_id)["state"] == "archived"
    with desk.runtime.database.reading() as session:
        told = [
            one.details for one in journal.entries(session, convention_id) if one.action == "archive_left_out"
        ]
    assert told == [{"archive": "google_drive"}]
    assert desk.row(convention_id).archives == ["folder", "sharepoint", "s3"]
    desk.close()


@one_database
def test_an_archive_that_was_left_before_the_signature_is_not_waited_for_and_may_come_back(
    tmp_path: Path, database_url: str, sandbox: Sandbox
) -> None:
    ours = {"DATABASE_URL": database_url, "PARAPHE_SANDBOX_URL": sandbox.url}
    ours["PARAPHE_ENCRYPTION_KEYS"] = "k1:" + "A" * 43 + "="
    drive = shelf.environ(sandbox)
    before = Desk(tmp_path, **ours, **drive)
    convention_id = before.ask(archive=["google_drive"])
    before.work()
    before.close()
    desk = Desk(tmp_path, **ours)
    provider = sandbox.control("yousign")
    (request,) = provider.get("signature_requests")
    provider.post("sign", {"signature_request": request["id"], "signer": "all"})
    desk.later(desk.runtime.settings.core.ask_after_seconds + 1)
    tick(desk.runtime)
    desk.work()
    row = desk.row(convention_id)
    assert (row.state, row.archives) == ("archived", ["folder"])
    with desk.runtime.database.reading() as session:
        assert "archive_left_out" in [one.action for one in journal.entries(session, convention_id)]
    desk.close()
    back = Desk(tmp_path, **ours, **drive, PARAPHE_ARCHIVES="folder,google_drive")
    assert "Classements à faire : 1." in shelf.command(back, "fill").output
    back.work()
    assert {archive for archive, _ in shelf.copies(back, convention_id)} == {"folder", "google_drive"}
    back.close()
