from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr

from settings import SettingsError, describe, load, new_encryption_key
from workers.start import all_sections

ROOT = Path(__file__).parents[2]
SECRETS = {
    "PARAPHE_SECRET_KEY": "s" * 32,
    "PARAPHE_ENCRYPTION_KEYS": new_encryption_key("k1"),
    "PARAPHE_EVENTS_SECRET": "whsec_" + "YWFh" * 8,
}
REAL = {"DATABASE_URL": "postgresql://h/d", "PARAPHE_YOUSIGN_API_KEY": "k", "PARAPHE_FOLDER_ROOT": "/srv/a"}


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load(all_sections(), environ, dotenv=None)
    return raised.value.problems


def test_nothing_set_runs_on_the_sandbox_with_secrets_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first = load(all_sections(), {}, dotenv=None)
    assert first.core.sandbox_url == "http://127.0.0.1:8090"
    assert first.database_url.endswith("var/paraphe.db")
    assert (tmp_path / "var" / "secrets.env").stat().st_mode & 0o077 == 0
    again = load(all_sections(), {}, dotenv=None)
    assert again.core.secret_key == first.core.secret_key
    tools = {"PARAPHE_VENV": "/somewhere", "PARAPHE_SPECS": "/elsewhere"}  # of bin/install and of the tests
    assert load(all_sections(), tools, dotenv=None).core.sandbox_url == first.core.sandbox_url


def test_every_problem_is_told_at_once_and_names_its_variable() -> None:
    told = problems(
        SECRETS
        | REAL
        | {
            "PARAPHE_LEASE_SECONDS": "soon",
            "PARAPHE_ARCHIVE_PATTERN": "/{jour}.pdf",
            "PARAPHE_PROVDER": "yousign",
            "PARAPHE_ARCHIVES": "folder,google_drive",
        }
    )
    named = [line.split(" : ")[0] for line in told]
    assert named[:2] == ["PARAPHE_ARCHIVE_PATTERN", "PARAPHE_LEASE_SECONDS"]
    assert "PARAPHE_PROVDER" in named
    assert len(told) >= 3


def test_a_database_url_demands_real_secrets() -> None:
    told = " ".join(problems(REAL))
    assert "PARAPHE_SECRET_KEY" in told
    assert "PARAPHE_ENCRYPTION_KEYS" in told


def test_the_connectors_in_use_must_be_set_up() -> None:
    told = problems(SECRETS | {"DATABASE_URL": "postgresql://h/d", "PARAPHE_ARCHIVES": "google_drive"})
    assert any("PARAPHE_YOUSIGN_API_KEY" in line for line in told)
    assert any("PARAPHE_GOOGLE_DRIVE_ROOT_FOLDER_ID" in line for line in told)


def test_a_mounted_file_gives_a_secret(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-a-file\n")
    read = load(
        all_sections(),
        SECRETS
        | REAL
        | {"PARAPHE_YOUSIGN_API_KEY": "", "PARAPHE_YOUSIGN_API_KEY_FILE": str(tmp_path / "key")},
        dotenv=None,
    )
    section = read.sections["yousign"]
    assert section.model_dump()["api_key"].get_secret_value() == "from-a-file"


def test_a_mounted_file_that_is_missing_is_told() -> None:
    assert any(
        line.startswith("PARAPHE_YOUSIGN_API_KEY_FILE")
        for line in problems(SECRETS | REAL | {"PARAPHE_YOUSIGN_API_KEY_FILE": "/nowhere"})
    )


def test_no_problem_quotes_a_secret() -> None:
    told = problems(SECRETS | REAL | {"PARAPHE_ENCRYPTION_KEYS": "k1:CANARI", "PARAPHE_SECRET_KEY": "CANARI"})
    assert "CANARI" not in " ".join(told)


def test_a_managed_postgres_url_is_taken_as_hosts_give_it() -> None:
    read = load(all_sections(), SECRETS | REAL | {"DATABASE_URL": "postgres://u:p@h/d"}, dotenv=None)
    assert read.database_url == "postgresql+psycopg://u:p@h/d"


def test_env_example_is_the_list_of_settings() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == "\n".join(describe(all_sections())) + "\n"


def test_a_section_keeps_its_type() -> None:
    class Acme(BaseModel):
        token: SecretStr

    read = load(all_sections() | {"acme": Acme}, SECRETS | REAL | {"PARAPHE_ACME_TOKEN": "t"}, dotenv=None)
    acme = read.section("acme", Acme)
    assert acme is not None
    assert acme.token.get_secret_value() == "t"


def test_an_empty_text_is_an_answer_and_an_empty_secret_is_not() -> None:
    read = load(
        all_sections(),
        SECRETS | REAL | {"PARAPHE_CABINET_SITE": "", "PARAPHE_LEASE_SECONDS": ""},
        dotenv=None,
    )
    assert read.sections["cabinet"].model_dump()["site"] == ""
    assert read.core.lease_seconds == 30
    assert any("PARAPHE_SECRET_KEY" in line for line in problems(REAL | {"PARAPHE_SECRET_KEY": ""}))


def test_a_column_that_leads_nowhere_is_told_at_the_start() -> None:
    told = problems(SECRETS | REAL | {"PARAPHE_COLUMNS": '{"Nom de famille": "client.nomm"}'})
    assert told[0].startswith("PARAPHE_COLUMNS : champ inconnu : client.nomm")
