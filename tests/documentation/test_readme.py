"""README.md says what the program does, no more and no less."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
from flask import Flask
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException

from app import build
from handlers.bodies import AmendConvention, CreateConvention, CreateHook, RemindSigners
from handlers.hooks import EVENT_TYPES
from sandbox.google.tokens import Tokens
from settings import load
from tests.documentation.reading import blocks, commands, text
from workers.runtime import Runtime
from workers.start import all_sections

README = text("README.md")
BODIES: dict[str, type[BaseModel]] = {
    "/v1/conventions": CreateConvention,
    "/v1/conventions/cv_1/remind": RemindSigners,
    "/v1/conventions/cv_1/amend": AmendConvention,
    "/v1/hooks": CreateHook,
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("hub")
    environ = {"PARAPHE_DATA_DIR": str(folder), "PARAPHE_SANDBOX_URL": "http://127.0.0.1:9"}
    runtime = Runtime(load(all_sections(), environ, dotenv=None))
    runtime.database.upgrade()
    return build(runtime)


def test_the_first_two_commands_are_all_the_set_up() -> None:
    assert [command.split()[0] for command in commands(README)[:2]] == ["bin/demo", "bin/test"]


def test_it_names_every_operators_command_and_no_other(app: Flask) -> None:
    known = set()
    for name, command in app.cli.commands.items():
        inner = command.commands if isinstance(command, click.Group) else {"": None}
        known |= {f"{name} {sub}".strip() for sub in inner}
    groups = {name.split()[0] for name in known if " " in name}
    named = set()
    for first, second in re.findall(r"flask --app app ([a-z]+)(?: ([a-z]+(?:-[a-z]+)*))?", README):
        named.add(f"{first} {second}" if first in groups else first)
    assert named == known


def test_it_names_every_event_and_no_other() -> None:
    assert set(re.findall(r"`(convention\.[a-z_]+)`", README)) == set(EVENT_TYPES)


def test_it_names_every_line_of_the_procfile() -> None:
    for line in text("Procfile").splitlines():
        assert f"| `{line.partition(':')[0]}` |" in README


def test_every_figure_named_is_served(app: Flask) -> None:
    served = app.test_client().get("/metrics")
    assert served.status_code == 200
    named = set(re.findall(r"`(paraphe_[a-z_]+)", README))
    assert named
    assert named <= set(re.findall(r"^# HELP (\S+)", served.text, re.MULTILINE)) | {"paraphe_steps"}


def test_every_call_shown_is_a_call_of_the_hub(app: Flask) -> None:
    adapter = app.url_map.bind("hub")
    shown = [command for command in commands(README) if "$HUB" in command]
    assert len(shown) > 10
    for command in shown:
        found = re.search(r'\$HUB(/[^"?]*)', command)
        assert found, command
        path = found[1].replace("$ID", "cv_1")
        method = "POST" if "-X POST" in command or " -d " in command else "GET"
        try:
            adapter.match(path, method=method)
        except HTTPException:
            pytest.fail(f"{method} {path}")
        if body := re.search(r"-d '(\{.*?\})'(?: |$)", command):
            BODIES[path].model_validate(json.loads(body[1]))


def test_the_settings_of_the_deployment_are_enough(tmp_path: Path) -> None:
    """Those of the example with plausible values, and one secret in a mounted file."""
    named = re.findall(r"^([A-Z_]+)=", blocks(README, "ini")[0], re.MULTILINE)
    key = tmp_path / "ring"
    key.write_text("k1:" + "A" * 43 + "=")
    account = Tokens().service_account("http://127.0.0.1:9")
    (tmp_path / "google.json").write_text(json.dumps(account))
    values = {
        "DATABASE_URL": "postgres://paraphe:p@db/paraphe?sslmode=require",
        "PARAPHE_SECRET_KEY": "s" * 64,
        "PARAPHE_ENCRYPTION_KEYS_FILE": str(key),
        "REDIS_URL": "rediss://:p@redis:6379/0",
        "PARAPHE_PUBLIC_URL": "https://hub.example",
        "PARAPHE_EVENTS_SECRET": "whsec_" + "YWFh" * 8,
        "PARAPHE_ARCHIVES": "google_drive",
        "PARAPHE_GOOGLE_DRIVE_SERVICE_ACCOUNT_JSON_FILE": str(tmp_path / "google.json"),
    }
    settings = load(all_sections(), {name: values.get(name, "x") for name in named}, dotenv=None)
    assert settings.database_url.startswith("postgresql+psycopg://")
    assert settings.archives == ("google_drive",)
