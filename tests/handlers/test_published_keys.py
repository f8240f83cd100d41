"""A provider that publishes the keys of its callbacks: while they cannot be read, a callback is neither
believed nor refused for good."""

from __future__ import annotations

import json
import socket
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from store.models import CallbackRow
from tests.contract import universign
from tests.http.wire import Wire, answer, serving
from tests.pages.application import Application


def test_a_callback_waits_for_the_keys_that_verify_it(tmp_path: Path) -> None:
    raw, statuses = universign.callback("transaction.lifecycle.completed"), [503, 200]
    keys = json.dumps({"keys": [universign.jwk("theirs")]}).encode()

    def publish(wire: Wire, connection: socket.socket) -> None:
        answer(statuses[min(len(wire.received), 2) - 1], keys)(wire, connection)

    with serving(publish) as wire:
        told = {"PARAPHE_UNIVERSIGN_KEYS_URL": wire.url, "PARAPHE_PROVIDER": "universign"}
        door = Application(tmp_path, **told)
        door.wall = lambda: door.now

        def call(secret: str) -> tuple[int, str | None]:
            headers = universign.sign(raw, secret)
            told = door.client.post("/v1/callbacks/universign", data=raw, headers=headers)
            return told.status_code, (told.get_json(silent=True) or {}).get("code")

        assert call("theirs") == (503, "universign_keys_unavailable")
        door.now += timedelta(minutes=1)
        assert call("theirs") == (204, None)
        assert call("a stranger") == (401, "callback_signature_invalid")
        with door.runtime.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(CallbackRow)) == 1
        door.close()
