"""The operator's commands, for real."""

from __future__ import annotations

import subprocess
import sys

import httpx

from tests.fixtures.databases import one_database
from tests.fixtures.hub import Hub
from tests.fixtures.processes import ROOT

pytestmark = one_database


def test_doctor_says_what_works_and_what_to_do(hub: Hub) -> None:
    hub.start("web")
    said = hub.flask("doctor").splitlines()
    assert all(line.startswith("✓") for line in said), said
    for matter in (
        "Base de données",
        "toutes les données de la base sont lisibles",
        "File d'attente",
        "Convertisseur",
        "airtable",
        "yousign",
        "folder",
    ):
        assert any(matter in line for line in said), matter
    hub.environ["PARAPHE_YOUSIGN_API_KEY"] = "refusee"
    hub.environ["REDIS_URL"] = "redis://127.0.0.1:1/0"
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "doctor"],
        cwd=ROOT, env=hub.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    failed = [line for line in done.stdout.splitlines() if line.startswith("✗")]
    assert len(failed) == 2, done.stdout
    assert any("PARAPHE_YOUSIGN" in line for line in failed)
    assert any("REDIS_URL" in line for line in failed)
    assert "il ne réessaie rien" in done.stderr


def test_a_key_lives_from_creation_to_revocation(hub: Hub) -> None:
    hub.start("web")
    key = hub.flask("keys", "create", "Make", "--scope", "conventions:read").strip()
    ways = [
        {"Authorization": f"Bearer {key}"},
        {"X-API-Key": key},
        {"Authorization": httpx.BasicAuth(key, "")._auth_header},
    ]
    for headers in ways:
        me = httpx.get(f"{hub.url}/v1/me", headers=headers)
        assert me.status_code == 200, headers
        assert (me.json()["label"], me.json()["scopes"]) == ("Make", ["conventions:read"])
    refused = httpx.post(f"{hub.url}/v1/conventions", json={}, headers=ways[0])
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    listed = hub.flask("keys", "list")
    assert key.split("_", 2)[2] not in listed  # a secret may hold the separator
    hub.flask("keys", "revoke", key.split("_")[1])
    assert httpx.get(f"{hub.url}/v1/me", headers=ways[0]).status_code == 401
    again = [sys.executable, "-m", "flask", "--app", "app", "keys", "revoke", key.split("_")[1]]
    done = subprocess.run(again, cwd=ROOT, env=hub.environ, capture_output=True, text=True, check=False)
    assert (done.returncode, "Aucune clé active" in done.stderr) == (1, True), "none was revoked"


def test_a_wrong_setting_stops_the_start_and_is_named(hub: Hub) -> None:
    hub.environ["PARAPHE_LEASE_SECONDS"] = "soon"
    for arguments in (
        ["-m", "workers.worker"],
        ["-m", "workers.clock"],
        ["-m", "flask", "--app", "app", "doctor"],
    ):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=hub.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert done.stderr.startswith("PARAPHE_LEASE_SECONDS : "), done.stderr
        assert "Traceback" not in done.stderr
