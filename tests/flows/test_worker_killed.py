"""kill -9 of the worker in the middle of any step: the convention still ends archived, once.

The worker is caught inside a step by a stand-in that does not answer; the call has reached it, so the
step's outcome is unknown when the worker dies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from sandbox.google.drive import SHARED_FOLDER_ID
from store import steps
from tests.fixtures.hub import Hub
from tests.fixtures.waiting import wait_for
from tests.flows.ask import airtable_request, assert_archived_once, create, sign_all, wait_for_row


@dataclass(frozen=True)
class Moment:
    """Where the worker is caught: a call of a stand-in; ``answered`` kills it after the call acted."""

    system: str
    method: str
    path: str
    signed_before: bool = False
    acted: bool = False


MOMENTS = {
    "reading the record": Moment("airtable", "GET", "/v0/"),
    "creating the request": Moment("yousign", "POST", "/signature_requests$", acted=True),
    "uploading the document": Moment("yousign", "POST", "/documents$", acted=True),
    "adding a signer": Moment("yousign", "POST", "/signers$", acted=True),
    "before activating": Moment("yousign", "POST", "/activate$"),
    "after activating": Moment("yousign", "POST", "/activate$", acted=True),
    "writing back": Moment("airtable", "PATCH", "/v0/", acted=True),
    "asking where it stands": Moment("yousign", "GET", "/signature_requests/[^/]+$", signed_before=True),
    "collecting the signed file": Moment("yousign", "GET", "/documents/download", signed_before=True),
    "collecting the proof": Moment("yousign", "GET", "/audit_trails", signed_before=True),
    "making a folder": Moment("google", "POST", "/drive/v3/files$", signed_before=True, acted=True),
    "uploading to the archive": Moment("google", "PUT", "/upload/", signed_before=True, acted=True),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_killed_while(hub: Hub, moment: Moment) -> None:
    _with_drive(hub)
    hub.start()
    control = hub.sandbox.control(moment.system)
    if moment.signed_before:
        convention_id = create(hub, airtable_request(archive=["folder", "google_drive"]), Prefer="wait=25")
        _hold(hub, moment)
        sign_all(hub)
    else:
        _hold(hub, moment)
        convention_id = create(hub, airtable_request(archive=["folder", "google_drive"]))
    wait_for(lambda: _reached(hub, moment), 30, "the worker is caught in the call")
    hub.kill("worker")
    control.clear()
    hub.start("worker")
    hub.until(convention_id, "sent", "opened", "signed", "archived")
    sign_all(hub)
    shown = assert_archived_once(hub, convention_id)
    assert {copy["archive"] for copy in shown["archives"]} == {"folder", "google_drive"}
    assert _drive_files(hub) == 3
    wait_for_row(hub, "Archivée")


def test_killed_while_rendering(hub: Hub) -> None:
    """The office dies with its worker, and the next worker renders again."""
    hub.start()
    convention_id = create(hub, airtable_request())
    wait_for(lambda: _running(hub, convention_id, "render"), 30, "the worker renders")
    hub.kill("worker")
    hub.start("worker")
    hub.until(convention_id, "sent")
    sign_all(hub)
    assert_archived_once(hub, convention_id)


def _with_drive(hub: Hub) -> None:
    account = hub.sandbox.client.get(f"{hub.sandbox.url}/google/_control/service_account.json").text
    hub.environ |= {
        "PARAPHE_GOOGLE_DRIVE_SERVICE_ACCOUNT_JSON": account,
        "PARAPHE_GOOGLE_DRIVE_ROOT_FOLDER_ID": SHARED_FOLDER_ID,
        "PARAPHE_GOOGLE_DRIVE_API_ROOT": f"{hub.sandbox.url}/google/",
    }


def _hold(hub: Hub, moment: Moment) -> None:
    """From now on, that call does not answer: ``acted`` says whether it does its work first."""
    kind = "delay_after" if moment.acted else "delay"
    hub.sandbox.control(moment.system).fault(kind, moment.method, moment.path, seconds=20, times=None)


def _reached(hub: Hub, moment: Moment) -> bool:
    """The call has arrived; when it acts first, it has acted (its status is known)."""
    received = hub.sandbox.control(moment.system).requests(moment.method)
    held = [r for r in received if re.search(moment.path, r["path"])]
    return bool(held) and (held[-1]["status"] is not None) is moment.acted


def _running(hub: Hub, convention_id: str, kind: str) -> bool:
    with hub.runtime() as runtime, runtime.database.reading() as session:
        return any(
            s.kind == kind and s.state == "running" for s in steps.of_convention(session, convention_id)
        )


def _drive_files(hub: Hub) -> int:
    items = hub.sandbox.control("google").get("files")
    return sum(1 for item in items if not item["folder"] and not item["trashed"])
