"""``flask --app app rehearse``, whole: against the sandbox, and as at a real provider's."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

import app
from connectors.signature import REGISTRY
from rehearsal import stand_ins
from rehearsal.listener import listening
from rehearsal.outcome import Failed
from rehearsal.player import SCENARIOS
from settings import load
from store import conventions
from tests.fixtures.sandbox import Sandbox
from workers.runtime import Runtime
from workers.start import all_sections

CODES = [code for code, _, _ in SCENARIOS]
SIGNED_BY_HAND = ["nominal", "several_signers", "phone", "desktop", "proof", "filing", "billing"]


class Firm:
    """A firm's own installation, which a rehearsal must leave as it is."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.archive, self.out = folder / "archive", folder / "rapport"
        self.archive.mkdir(exist_ok=True)
        own = {"PARAPHE_DATA_DIR": str(folder), "PARAPHE_FOLDER_ROOT": str(self.archive)}
        self.runtime = Runtime(load(all_sections(), {**own, **environ}, dotenv=None))
        self.runtime.database.upgrade()
        self.flask: Flask = app.build(self.runtime)

    def rehearse(self, *arguments: str) -> Result:
        handler = signal.getsignal(signal.SIGTERM)
        done = self.flask.test_cli_runner().invoke(args=["rehearse", "--out", str(self.out), *arguments])
        assert signal.getsignal(signal.SIGTERM) is handler
        return done

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "rapport.json").read_text(encoding="utf-8"))
        return found

    def is_untouched(self) -> bool:
        with self.runtime.database.reading() as session:
            rows = conventions.page(session, None, None, None, None, 10)
        return not rows and not any(self.archive.iterdir())


@pytest.fixture
def at_sandbox(tmp_path: Path, sandbox: Sandbox) -> Iterator[Firm]:
    firm = Firm(tmp_path, PARAPHE_SANDBOX_URL=sandbox.url)
    yield firm
    firm.runtime.close()


@pytest.fixture
def at_provider(tmp_path: Path, sandbox: Sandbox) -> Iterator[Firm]:
    """A provider that nothing marks as a stand-in: no sandbox is set."""
    firm = Firm(
        tmp_path,
        PARAPHE_YOUSIGN_API_KEY="bac-a-sable",
        PARAPHE_YOUSIGN_URL=f"{sandbox.url}/yousign/v3",
        PARAPHE_YOUSIGN_WEBHOOK_SECRET="secret-du-bac-a-sable-0123456789",
    )
    yield firm
    firm.runtime.close()


@pytest.mark.parametrize("provider", sorted(set(REGISTRY) - {"yousign"}))
def test_the_ten_scenarios_pass_with_every_other_provider(at_sandbox: Firm, provider: str) -> None:
    done = at_sandbox.rehearse("--provider", provider)
    assert done.exit_code == 0, done.output
    assert {one["ending"] for one in at_sandbox.report()["scenarios"]} == {"passed"}


def test_the_ten_scenarios_pass_at_the_sandbox_and_leave_a_report(at_sandbox: Firm, sandbox: Sandbox) -> None:
    done = at_sandbox.rehearse()
    assert done.exit_code == 0, done.output
    assert [line[:5] for line in done.output.splitlines() if "/10 " in line] == [
        f"{rank:2}/10" for rank in range(1, 11)
    ]
    assert done.output.count("✓ réussi") == 10
    assert at_sandbox.is_untouched()
    statuses = {one["status"] for one in sandbox.control("yousign").get("signature_requests")}
    assert statuses == {"done", "canceled"}, "nothing stays before signers"

    report = at_sandbox.report()
    assert (report["outcome"], report["sandbox"], report["left_open"]) == ("passed", True, [])
    assert [one["code"] for one in report["scenarios"]] == CODES
    assert {one["ending"] for one in report["scenarios"]} == {"passed"}
    assert all(one["checks"] and one["sentence"] for one in report["scenarios"])
    for file in report["files"]:
        content = (at_sandbox.out / file["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    kept = {file["path"] for file in report["files"]}
    assert {"preuve/convention-signee.pdf", "preuve/preuve.pdf", "preuve/journal.json"} <= kept

    page = (at_sandbox.out / "rapport.html").read_text(encoding="utf-8")
    assert "BAC À SABLE, SANS VALEUR" in page
    assert page.count("réussi en") == 10
    for written in (page, (at_sandbox.out / "rapport.json").read_text(encoding="utf-8")):
        assert "http://" not in written
        assert "https://" not in written
        assert "@" not in written.replace("@media", "")
        assert "whsec_" not in written

    again = at_sandbox.rehearse()
    assert again.exit_code == 2
    assert "n'est pas vide" in again.output


def test_at_a_real_provider_a_person_signs_and_a_failure_is_named(
    at_provider: Firm, sandbox: Sandbox
) -> None:
    provider = sandbox.control("yousign")
    assert at_provider.rehearse().exit_code == 2, "nobody said to whom to send"
    assert provider.get("signature_requests") == []

    provider.fault("error", "POST", "/send_reminder", status=403, times=100)
    done = at_provider.rehearse("--email", "moi@cabinet.example", "--timeout", "0")
    assert done.exit_code == 1, done.output
    assert "BAC À SABLE" not in done.output
    assert "✗ échoué" in done.output
    assert "interdit cette opération" in done.output, "the hub's own words for what the provider refused"
    assert "À signer (client) : http" in done.output

    report = at_provider.report()
    endings = {one["code"]: one["ending"] for one in report["scenarios"]}
    assert endings == {
        **dict.fromkeys(SIGNED_BY_HAND, "by_hand"),
        **dict.fromkeys(("change_after_sending", "cancel"), "passed"),
        "reminders": "failed",
    }
    failed = next(one for one in report["scenarios"] if one["ending"] == "failed")
    assert failed["todo"]
    assert (report["outcome"], report["sandbox"]) == ("failed", False)
    assert at_provider.is_untouched()

    requests = provider.get("signature_requests")
    assert len(requests) == 7
    assert {one["status"] for one in requests} == {"canceled"}, "what nobody signed is not left behind"
    addresses = {message["to"] for message in provider.get("messages")}
    assert addresses <= {f"moi{more}@cabinet.example" for more in ("", "+2", "+3")}
    assert "moi@cabinet.example" in addresses


def test_the_sandbox_is_started_where_there_is_none(sandbox: Sandbox) -> None:
    with listening() as taken:
        url = taken.url
        with pytest.raises(Failed, match="n'est pas le bac à sable"), stand_ins.standing(url, "yousign"):
            pass
    with stand_ins.standing(url, "yousign") as started:
        assert started
        with stand_ins.standing(url, "yousign") as again:
            assert not again
    with pytest.raises(Failed, match="n'imite pas"), stand_ins.standing(sandbox.url, "inconnu"):
        pass
    with (
        pytest.raises(Failed, match="ne répond pas"),
        stand_ins.standing("http://bac.invalid:8090", "yousign"),
    ):
        pass


def test_a_rehearsal_that_is_stopped_leaves_nothing_before_signers(
    at_provider: Firm, sandbox: Sandbox
) -> None:
    """Stopped by a signal once its first request is out, as when its terminal is closed."""
    provider = sandbox.control("yousign")

    def stop(*_: object) -> None:
        if any(one["status"] == "ongoing" for one in provider.get("signature_requests")):
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    try:
        done = at_provider.rehearse("--email", "moi@cabinet.example", "--timeout", "60")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert done.exit_code == 1
    assert [one["status"] for one in provider.get("signature_requests")] == ["canceled"]
    assert not (at_provider.out / "rapport.json").exists()
