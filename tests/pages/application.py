"""The real application in this process, on an empty SQLite database; Redis is away, which it bears."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

import app
from domain.copies import CopyState
from domain.lifecycle import Move
from domain.signature import SignerStatus
from domain.steps import StepKind
from settings import load, new_encryption_key
from store import conventions, documents, journal, keys, steps
from store.database import Session
from store.models import ArchiveCopy, Convention, SignerRow
from workers.runtime import Runtime, utc_now
from workers.start import all_sections

START = datetime(2026, 12, 15, 8, 0, tzinfo=UTC)
NAMES = {"s1": ("client", "Claire Durand"), "s2": ("avocat", "Paul Martin")}
PATH = "/Conventions/2026/12/Durand_2026-12-15_D2026-0417.pdf"
LINK = "https://signer.example/secret-link"


class Application:
    """``now`` advances by a minute at every move of a convention."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.now = START
        settings = load(
            all_sections(),
            {
                "DATABASE_URL": f"sqlite:///{folder / 'paraphe.db'}",
                "REDIS_URL": "redis://127.0.0.1:1/0",
                "PARAPHE_DATA_DIR": str(folder),
                "PARAPHE_SECRET_KEY": "k" * 40,
                "PARAPHE_ENCRYPTION_KEYS": new_encryption_key("k1"),
                "PARAPHE_EVENTS_SECRET": "whsec_" + "YWFh" * 8,
                "PARAPHE_SANDBOX_URL": "http://127.0.0.1:9",
                "PARAPHE_FOLDER_ROOT": str(folder / "archive"),
                "PARAPHE_ALLOWED_NETWORKS": "127.0.0.0/8",
                **environ,
            },
            dotenv=None,
        )
        # a connector waits for its turn and judges its tokens by the clock on the wall, unless a test says so
        self.wall: Callable[[], datetime] = utc_now
        self.runtime = Runtime(settings, now=lambda: self.now, true_now=self._connectors_now)
        self.runtime.database.upgrade()
        self.flask: Flask = app.build(self.runtime)
        with self.runtime.database.transaction() as tx:
            _, self.key = keys.create(tx, self.now, "essai", keys.SCOPES)

    def _connectors_now(self) -> datetime:
        return self.wall()

    @property
    def client(self) -> FlaskClient:
        return self.flask.test_client()

    @property
    def authorised(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def follow_path(self, convention_id: str) -> str:
        url = self.flask.extensions["paraphe"].follow_url(convention_id)
        return str(url.removeprefix(self.runtime.settings.core.public_url))

    def convention(self, *moves: str, archives: tuple[str, ...] = ("folder",)) -> str:
        """A convention that has gone through ``moves`` (names of ``MOVES``); its id."""
        with self.runtime.database.transaction() as tx:
            row, _ = conventions.create(tx, self.now, asked(archives))
            journal.append(tx, row.id, self.now, "key:k", "received")
        for move in moves:
            self.move(row.id, move)
        return row.id

    def move(self, convention_id: str, move: str) -> None:
        self.now += timedelta(minutes=1)
        with self.runtime.database.transaction() as tx:
            MOVES[move](tx, self.now, conventions.lock(tx, convention_id))

    def close(self) -> None:
        self.runtime.close()


def asked(archives: tuple[str, ...]) -> conventions.Request:
    """What a scenario asked for."""
    return conventions.Request(
        source_kind="inline",
        source={"fields": {}},
        pending_key=None,
        content_key=None,
        template="forfait",
        provider="yousign",
        level=None,
        signing_order=None,
        archives=archives,
        until="sent",
        external_id="scenario-42",
        caller_data={"origine": "essai"},
        resume_url=None,
        resume_at="until",
        made_by="k",
    )


def _read(tx: Session, now: datetime, row: Convention) -> None:
    row.dossier = "D2026-0417"
    row.signers = [
        SignerRow(key=key, position=number, role=role, name=name, status="waiting")
        for number, (key, (role, name)) in enumerate(NAMES.items())
    ]


def _render(tx: Session, now: datetime, row: Convention) -> None:
    documents.put(tx, row.id, now, "rendered", "application/pdf", b"%PDF-1.7 rendered")
    conventions.move(tx, now, row, Move.RENDERED, "hub")


def _send(tx: Session, now: datetime, row: Convention) -> None:
    row.signers[0].status = SignerStatus.NOTIFIED.value
    for signer in row.signers:
        signer.link = LINK
    conventions.move(tx, now, row, Move.SENT, "hub")


def _open(tx: Session, now: datetime, row: Convention) -> None:
    row.signers[0].status = SignerStatus.OPENED.value
    conventions.move(tx, now, row, Move.OPENED, "provider:yousign")


def _signature(rank: int) -> Callable[[Session, datetime, Convention], None]:
    def sign(tx: Session, now: datetime, row: Convention) -> None:
        signer = row.signers[rank]
        signer.status, signer.signed_at = SignerStatus.SIGNED.value, now
        conventions.note(tx, now, row, "signer_signed", "provider:yousign", signer=signer.key)

    return sign


def _collect(tx: Session, now: datetime, row: Convention) -> None:
    row.signed_at = now
    for kind, media in (
        ("signed", "application/pdf"), ("proof_pdf", "application/pdf"), ("proof_json", "application/json"),
    ):  # fmt: skip
        documents.put(tx, row.id, now, kind, media, b"{}" if kind == "proof_json" else b"%PDF-1.7")
    conventions.move(tx, now, row, Move.SIGNED, "provider:yousign")


def _archive(tx: Session, now: datetime, row: Convention) -> None:
    for archive in row.archives:
        row.copies.append(
            ArchiveCopy(
                archive=archive, kind="signed", ref="r", path=PATH, link=None,
                sha256=hashlib.sha256(b"").hexdigest(), verified_at=now,
            )
        )  # fmt: skip
    conventions.move(tx, now, row, Move.ARCHIVED, "hub", archives=list(row.archives))


def _end(move: Move) -> Callable[[Session, datetime, Convention], None]:
    def end(tx: Session, now: datetime, row: Convention) -> None:
        conventions.move(tx, now, row, move, "hub")

    return end


def _fail(tx: Session, now: datetime, row: Convention) -> None:
    """As ``workers/engine.py`` buries a step: the convention says what is wrong."""
    told: dict[str, Any] = {
        "step": "fetch",
        "code": "record_invalid",
        "detail": "La fiche ne peut pas devenir une convention : un champ à corriger.",
        "errors": [{"path": "client.email", "code": "missing", "detail": "Client, e-mail : manque."}],
    }
    _step(tx, now, row, StepKind.FETCH, told, dead=True)
    row.problem = told
    conventions.move(tx, now, row, Move.FAILED, "hub", step="fetch", code="record_invalid")


def _stumble(tx: Session, now: datetime, row: Convention) -> None:
    """The provider is away: the sending comes back by itself."""
    told = {
        "step": "send",
        "code": "yousign_unreachable",
        "detail": "Yousign est injoignable ; nouvel essai.",
    }
    _step(tx, now, row, StepKind.SEND, told, dead=False)


def _step(
    tx: Session, now: datetime, row: Convention, kind: StepKind, told: dict[str, Any], *, dead: bool
) -> None:
    step = steps.add(tx, now, kind, row.id, key=f"{kind.value}:{row.id}")
    claimed = steps.claim(tx, now, step.id, 60)
    assert claimed
    if dead:
        steps.bury(tx, now, claimed, told)
    else:
        steps.give_back(tx, claimed, now + timedelta(seconds=32), told)


def _lose(tx: Session, now: datetime, row: Convention) -> None:
    """As ``workers/steps/verify.py`` records it."""
    row.copies[0].state = CopyState.LOST.value
    conventions.note(tx, now, row, "copy_lost", "hub", archive=row.copies[0].archive, files=["signed"])


MOVES: dict[str, Callable[[Session, datetime, Convention], None]] = {
    "read": _read,
    "render": _render,
    "send": _send,
    "open": _open,
    "sign-s1": _signature(0),
    "sign-s2": _signature(1),
    "collect": _collect,
    "archive": _archive,
    "lose": _lose,
    "decline": _end(Move.DECLINED),
    "expire": _end(Move.EXPIRED),
    "cancel": _end(Move.CANCELLED),
    "fail": _fail,
    "stumble": _stumble,
}
TO_SENT = ("read", "render", "send")
TO_ARCHIVED = (*TO_SENT, "open", "sign-s1", "sign-s2", "collect", "archive")


def sample(name: str = "claire-durand") -> dict[str, Any]:
    path = Path(__file__).parents[2] / "samples" / f"{name}.json"
    fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return fields
