"""Signed conventions, made directly, and every archive of the registry to file them into."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from click.testing import Result

from connectors.archives import Filed
from domain.copies import CopyState
from domain.lifecycle import State
from domain.normalise import normalise
from domain.steps import StepKind
from sandbox import microsoft_graph
from sandbox.google import SHARED_DRIVE_ID, SHARED_FOLDER_ID
from sandbox.s3 import KEY_ID, LOCKED_BUCKET, REGION, SECRET
from store import conventions, documents, journal, steps
from store.database import Session
from store.models import ArchiveCopy, Document
from tests.archives.kits import Kit
from tests.archives.kits_folder import FolderKit
from tests.fixtures.sandbox import Sandbox
from tests.pages.application import asked, sample
from tests.workers.desk import Desk
from workers.runtime import Runtime

#: how the hub is told to use each archive of the registry, at its stand-in; the folder is the desk's own
SETTINGS: dict[str, Callable[[Sandbox], dict[str, str]]] = {
    "folder": lambda _: {},
    "google_drive": lambda sandbox: {
        "SERVICE_ACCOUNT_JSON": json.dumps(sandbox.control("google").get("service_account.json")),
        "ROOT_FOLDER_ID": SHARED_FOLDER_ID,
        "DRIVE_ID": SHARED_DRIVE_ID,
        "API_ROOT": f"{sandbox.url}/google/",
    },
    "s3": lambda sandbox: {
        "ENDPOINT_URL": f"{sandbox.url}/s3",
        "REGION": REGION,
        "BUCKET": LOCKED_BUCKET,
        "ACCESS_KEY_ID": KEY_ID,
        "SECRET_ACCESS_KEY": SECRET,
        "RETAIN_DAYS": "1",
    },
    "sharepoint": lambda sandbox: {
        "TENANT": microsoft_graph.TENANT,
        "CLIENT_ID": microsoft_graph.CLIENT_ID,
        "CLIENT_SECRET": microsoft_graph.CLIENT_SECRET,
        "SITE_URL": microsoft_graph.SITE_URL,
        "LOGIN_URL": f"{sandbox.url}/microsoft_graph",
        "GRAPH_URL": f"{sandbox.url}/microsoft_graph/v1.0",
    },
}
ARCHIVES = tuple(SETTINGS)


def environ(sandbox: Sandbox) -> dict[str, str]:
    """What sets every archive up."""
    return {
        f"PARAPHE_{name.upper()}_{key}": value
        for name, settings in SETTINGS.items()
        for key, value in settings(sandbox).items()
    }


def kit(name: str, folder: Path, sandbox: Sandbox) -> Kit:
    """A way to look into an archive, and to spoil it, that is not the hub's own."""
    if name == "folder":
        return FolderKit(folder / "archive")
    made: Kit = import_module(f"tests.archives.kits_{name}").make(folder, sandbox)
    return made


def signed(
    runtime: Runtime,
    *archives: str,
    at: datetime,
    dossier: str = "D2026-0417",
    client: str = "Durand",
    files: Mapping[str, bytes] | None = None,
) -> str:
    """A convention signed at ``at``, its files held, one step written for each archive; its id."""
    held = files or {"signed": b"%PDF-1.7 signed", "proof_json": b"{}"}
    with runtime.database.transaction() as tx:
        now = runtime.now()
        row, _ = conventions.create(tx, now, asked(archives))
        row.record, row.dossier = _record(client, dossier), dossier
        row.state, row.signed_at = State.SIGNED.value, at
        journal.append(tx, row.id, now, "hub", "signed")
        for kind, content in held.items():
            documents.put(tx, row.id, now, kind, "application/octet-stream", content)
        for name in archives:
            steps.add(tx, now, StepKind.ARCHIVE, row.id, key=f"archive:{row.id}:{name}", argument=name)
    return row.id


def filed(desk: Desk, *archives: str, **files: bytes) -> str:
    """The same, filed by the steps themselves."""
    convention_id = signed(desk.runtime, *archives, at=desk.now, files=files)
    desk.work()
    assert desk.row(convention_id).state == State.ARCHIVED.value
    return convention_id


def copies(desk: Desk, convention_id: str) -> dict[tuple[str, str], ArchiveCopy]:
    return {(copy.archive, copy.kind): copy for copy in desk.row(convention_id).copies}


def where(desk: Desk, convention_id: str, archive: str, kind: str = "signed") -> Filed:
    copy = copies(desk, convention_id)[archive, kind]
    return Filed(copy.ref, copy.path, copy.link)


def readable(desk: Desk, convention_id: str) -> dict[str, bytes]:
    """Archive -> the signed file as it reads there now; every row must say that it is kept."""
    found = copies(desk, convention_id)
    assert {copy.state for copy in found.values()} == {CopyState.KEPT.value}
    return {
        archive: desk.runtime.archive(archive).read(copy.ref)
        for (archive, kind), copy in found.items()
        if kind == "signed"
    }


def forget(desk: Desk, convention_id: str) -> None:
    """The hub's own documents are gone."""
    with desk.runtime.database.transaction() as tx:
        for document in documents.listing(tx, convention_id):
            tx.delete(tx.get_one(Document, document.id))


def change_rows(desk: Desk, change: Callable[[Session], Any]) -> None:
    with desk.runtime.database.transaction() as tx:
        change(tx)


def command(desk: Desk, *arguments: str | Path) -> Result:
    """``flask --app app archives <arguments>``, in this process."""
    return desk.flask.test_cli_runner().invoke(args=["archives", *(str(one) for one in arguments)])


@cache
def _sample_record() -> dict[str, Any]:
    return normalise(sample(), None, date(2026, 11, 1)).model_dump(mode="json")


def _record(client: str, dossier: str) -> dict[str, Any]:
    record = _sample_record()
    return {
        **record,
        "client": {**record["client"], "nom": client},
        "dossier": {**record["dossier"], "numero": dossier},
    }
