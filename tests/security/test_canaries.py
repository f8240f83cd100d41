"""A whole journey, good and bad, with people and secrets that are found nowhere they should not be: not in
the processes' logs, in Redis, /metrics, events, journal or problems, nor in clear in the database."""

from __future__ import annotations

import json
import socket
import zlib
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import text

from store.models import Base
from tests.fixtures.hub import Hub
from tests.fixtures.redis_server import RedisServer
from tests.fixtures.waiting import wait_for
from tests.flows.ask import ROOT, sign_all

PERSON = {
    "Prénom": "Zéphyrine",
    "Nom": "Quartzberg",
    "E-mail": "zephyrine.quartzberg@canari.example",
    "Téléphone": "06 87 65 43 19",
    "Adresse": "77 allée du Canari",
    "Objet": "Divorce canari, à ne confier à personne.",
}
#: what stands for each of them once it is normalised, merged, sent or filed
PEOPLE = ("phyrine", "uartzberg", "UARTZBERG", "canari", "0687654319", "687654319", "87 65 43 19")
RESUME, HOOK, DATA = "jeton-de-reprise", "jeton-d-abonnement", "donnee-de-l-appelant"
#: what may hold none of it
SECRETS = (RESUME, HOOK, DATA)


def fields() -> dict[str, Any]:
    sample: dict[str, Any] = json.loads((ROOT / "samples" / "claire-durand.json").read_text(encoding="utf-8"))
    return sample | PERSON


def found(content: str | bytes, *more: str) -> list[str]:
    shown = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    return [canary for canary in (*PEOPLE, *SECRETS, *more) if canary in shown]


def own_secrets(hub: Hub) -> tuple[str, ...]:
    ring = hub.environ["PARAPHE_ENCRYPTION_KEYS"].split(":")[1]
    return (
        hub.key.split("_", 2)[2],
        ring,
        hub.environ["PARAPHE_SECRET_KEY"],
        hub.environ["PARAPHE_EVENTS_SECRET"],
        "secret-du-bac-a-sable-0123456789",
    )


@pytest.mark.timeout(240)
def test_a_journey_leaves_no_trace_of_people_or_secrets(hub: Hub, redis_server: RedisServer) -> None:
    hub.start("web")
    silent = socket.create_server(("127.0.0.1", 0))
    nobody = f"http://127.0.0.1:{silent.getsockname()[1]}"
    silent.close()
    hub.post("/v1/hooks", {"url": f"{nobody}/{HOOK}"})
    body = {
        "source": {"kind": "inline", "fields": fields()},
        "archive": ["folder"],
        "resume_url": f"{nobody}/r?t={RESUME}",
        "metadata": {"note": DATA},
    }
    asked = hub.post("/v1/conventions", body)
    assert asked.status_code == 202, asked.text
    convention_id = asked.json()["id"]
    _bad_calls(hub, body)
    _malformed_requests(hub)
    in_redis = _everything_in(Redis.from_url(redis_server.url))
    assert b"workers.job.run" in in_redis
    assert found(in_redis, *own_secrets(hub)) == []

    hub.start("worker", "clock")
    hub.until(convention_id, "sent", "opened")
    sign_all(hub)
    hub.until(convention_id, "archived")
    wait_for(lambda: "step_failed" in hub.log.read_text(), 30, "the listeners were found away")

    journal = hub.get(f"/v1/conventions/{convention_id}/journal")
    assert journal.json()["intact"]
    assert found(journal.content, *own_secrets(hub)) == []
    assert found(hub.get("/metrics").content, *own_secrets(hub)) == []
    events = hub.get("/v1/events?limit=500").text
    assert DATA in events, "what the caller gave comes back to the caller"
    assert found(events.replace(DATA, ""), *own_secrets(hub)) == []
    assert found(_everything_in(Redis.from_url(redis_server.url)), *own_secrets(hub)) == []
    assert found(_in_clear(hub), *own_secrets(hub)) == []
    hub.stop()
    log = hub.log.read_text()
    assert '"event": "step_done"' in log
    assert found(log, *own_secrets(hub), "D2026-0417", nobody) == []
    assert convention_id in log


def _bad_calls(hub: Hub, body: dict[str, Any]) -> None:
    """Refused, and their problem says nothing of what was sent."""
    broken = {**fields(), "E-mail": "zephyrine@canari@canari", "Montant HT": "canari €"}
    calls: list[tuple[str, Any, dict[str, str]]] = [
        ("/v1/conventions", {"source": {"kind": "inline", "fields": broken}}, {}),
        ("/v1/conventions", {**body, "template": DATA}, {}),
        ("/v1/conventions", {**body, "resume_url": f"http://10.0.0.1/{RESUME}"}, {}),
        ("/v1/conventions", {**body, "metadata": {"a": DATA * 2000}}, {}),
        ("/v1/conventions", body, {"Idempotency_Key": f"{DATA} x"}),
        ("/v1/conventions", body, {"Authorization": f"Bearer prp_x_{DATA}"}),
        ("/v1/hooks", {"url": f"http://[::1]/{HOOK}"}, {}),
        (f"/v1/conventions/{DATA}/cancel", {}, {}),
        (f"/v1/callbacks/{DATA}", {}, {}),
        (f"/{DATA}?a={RESUME}", {}, {}),
    ]
    for path, content, headers in calls:
        answer = hub.post(path, content, **headers)
        assert 400 <= answer.status_code < 500, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert found(answer.content, hub.key) == []


def _malformed_requests(hub: Hub) -> None:
    """What the web server itself refuses, before the application sees it."""
    host, port = hub.url.removeprefix("http://").split(":")
    for raw in (
        f"GET /suivi/{RESUME} {DATA} HTTP/1.1\r\nHost: x\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer {hub.key}\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: x\r\nX-Odd: {DATA}\x00\r\n\r\n",
        f"GET /?{RESUME} HTTP/9.9\r\nHost: x\r\n\r\n",
        f"GET /?{'a' * 9000}{RESUME} HTTP/1.1\r\nHost: x\r\n\r\n",
        f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {DATA}\r\n\r\n",
        f"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {DATA}\r\n\r\n",
    ):
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(raw.encode())
            assert connection.recv(4096)[:5] == b"HTTP/"


def _everything_in(redis: Redis) -> bytes:
    """Every key with its content as Redis writes it to disk, and the fields of jobs, which RQ compresses."""
    kept: list[bytes] = []
    for key in redis.scan_iter():
        kept += [key, redis.dump(key) or b""]
        if redis.type(key) == b"hash":
            kept += [_unpacked(value) for value in redis.hvals(key)]
    return b"\n".join(kept)


def _unpacked(value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return raw


def _in_clear(hub: Hub) -> bytes:
    """Every value of every table as the database holds it."""
    values: list[bytes] = []
    with hub.runtime() as runtime, runtime.database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(text(f"SELECT * FROM {table.name}")):
                values += [bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in row]
    return b"\n".join(values)
