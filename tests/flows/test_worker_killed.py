"""kill -9 of the worker in the middle of any step: the convention still ends archived, once.

The worker is caught inside a step by a stand-in that does not answer; the call has reached it, so the
step's outcome is unknown when the worker dies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sandbox.google.drive import SHARED_FOLDER_ID
from store import steps
from tests.fixtures.hub import Hub
from tests.fixtures.waiting import wait_for
from tests.flows.ask import airtable_request, assert_archived_once, create, sign_all, wait_for_row


@dataclass(frozen=True)
class Moment:
    """Where the worker is caught: a call of a stand-in; ``acted`` kills it after the call did its work."""

    system: str
    method: str
    path: str
    acted: bool = False


BEFORE_SIGNING = {
    "reading the record": Moment("airtable", "GET", "/v0/"),
    "creating the request": Moment("yousign", "POST", "/signature_requests$", acted=True),
    "uploading the document": Moment("yousign", "POST", "/documents$", acted=True),
    "adding a signer": Moment("yousign", "POST", "/signers$", acted=True),
    "before activating": Moment("yousign", "POST", "/activate$"),
    "after activating": Moment("yousign", "POST", "/activate$", acted=True),
    "writing back": Moment("airtable", "PATCH", "/v0/", acted=True),
}
AFTER_SIGNING = {
    "asking where it stands": Moment("yousign", "GET", "/signature_requests/[^/]+$"),
    "collecting the signed file": Moment("yousign", "GET", "/documents/download"),
    "collecting the proof": Moment("yousign", "GET", "/audit_trails"),
    "making a folder": Moment("google", "POST", "/drive/v3/files$", acted=True),
    "uploading to the archive": Moment("google", "PUT", "/upload/", acted=True),
}


def test_killed_at_every_call_before_the_signature(hub: Hub) -> None:
    """One convention, whose worker dies at each call in turn: nothing of it is done twice."""
    _with_drive(hub)
    hub.start("web", "clock")
    convention_id = create(hub, airtable_request(archive=["folder", "google_drive"]))
    _kill_at_each(hub, BEFORE_SIGNING)
    hub.until(convention_id, "sent", "opened")
    sign_all(hub)
    _assert_filed(hub, convention_id)


def test_killed_at_every_call_after_the_signature(hub: Hub) -> None:
    _with_drive(hub)
    hub.start()
    convention_id = create(hub, airtable_request(archive=["folder", "google_drive"]), Prefer="wait=25")
    hub.until(convention_id, "sent", "opened")
    hub.kill("worker")
    sign_all(hub)
    _kill_at_each(hub, AFTER_SIGNING)
    _assert_filed(hub, convention_id)


def _kill_at_each(hub: Hub, moments: Mapping[str, Moment]) -> None:
    """No worker runs yet; one does at the end."""
    for name, moment in moments.items():
        control = hub.sandbox.control(moment.system)
        seen = len(control.requests(moment.method))
        kind = "delay_after" if moment.acted else "delay"
        control.fault(kind, moment.method, moment.path, seconds=60, times=None)
        hub.start("worker")
        wait_for(partial(_caught, hub, moment, seen), 60, f"the worker is caught {name}")
        hub.kill("worker")
        control.clear()
    hub.start("worker")


def _caught(hub: Hub, moment: Moment, seen: int) -> bool:
    """The call has arrived since; when it acts first, it has acted (its status is known)."""
    received = hub.sandbox.control(moment.system).requests(moment.method)[seen:]
    held = [r for r in received if re.search(moment.path, r["path"])]
    return bool(held) and (held[-1]["status"] is not None) is moment.acted


def _assert_filed(hub: Hub, convention_id: str) -> None:
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


def _running(hub: Hub, convention_id: str, kind: str) -> bool:
    with hub.runtime() as runtime, runtime.database.reading() as session:
        return any(
            s.kind == kind and s.state == "running" for s in steps.of_convention(session, convention_id)
        )


def _drive_files(hub: Hub) -> int:
    items = hub.sandbox.control("google").get("files")
    return sum(1 for item in items if not item["folder"] and not item["trashed"])
