"""A firm's own templates: from its folder or the database, by the operator's commands, listed to callers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result

from documents.template import DIRECTORY
from documents.template import available as shipped_names
from domain.errors import NotFound
from store import templates
from tests.mentions.surgery import without
from tests.pages.application import Application, sample


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The firm's folder, empty."""
    made = tmp_path / "modeles"
    made.mkdir()
    return made


@pytest.fixture
def firm(tmp_path: Path, database_url: str, folder: Path) -> Iterator[Application]:
    made = Application(tmp_path, DATABASE_URL=database_url, PARAPHE_TEMPLATES_DIR=str(folder))
    yield made
    made.close()


def write(folder: Path, name: str, title: str) -> tuple[Path, Path]:
    """The shipped flat-fee template under another name and title."""
    docx, toml = folder / f"{name}.docx", folder / f"{name}.toml"
    shutil.copy(DIRECTORY / "forfait.docx", docx)
    sheet = (DIRECTORY / "forfait.toml").read_text(encoding="utf-8")
    lines = [f'title = "{title}"' if line.startswith("title =") else line for line in sheet.splitlines()]
    toml.write_text("\n".join(lines), encoding="utf-8")
    return docx, toml


def flask(firm: Application, *arguments: str | Path) -> Result:
    return firm.flask.test_cli_runner().invoke(args=["templates", *map(str, arguments)])


def marks(told: str, mention: str) -> str:
    """What the table of ``templates check`` says of a mention, one mark per kind of client."""
    [line] = [line for line in told.splitlines() if line.endswith(f"[{mention}]") and line[2] in "●✗·"]
    return line.split("  ")[1].replace(" ", "")


def listed(firm: Application) -> dict[str, tuple[str, str]]:
    items = firm.client.get("/v1/templates", headers=firm.authorised).get_json()["items"]
    assert all(item["description"] for item in items)
    return {item["name"]: (item["title"], item["origin"]) for item in items}


def test_the_shipped_templates_are_listed_with_title_and_description(firm: Application) -> None:
    found = listed(firm)
    assert tuple(found) == shipped_names()
    assert found["forfait"] == ("Convention d'honoraires au forfait", "shipped")


def test_a_template_dropped_in_the_folder_is_taken_before_those_of_the_same_name(
    firm: Application, folder: Path, tmp_path: Path
) -> None:
    docx, toml = write(tmp_path, "forfait", "De la base")
    assert flask(firm, "add", docx, toml).exit_code == 0
    assert listed(firm)["forfait"] == ("De la base", "database")
    write(folder, "forfait", "Du dossier")
    write(folder, "bail", "Bail commercial")
    found = listed(firm)
    assert found["forfait"] == ("Du dossier", "folder")
    assert found["bail"] == ("Bail commercial", "folder")
    manifest = firm.runtime.templates.load("forfait").manifest
    assert manifest is not None
    assert manifest.title == "Du dossier"
    body = {"source": {"kind": "inline", "fields": sample()}, "template": "bail"}
    asked = firm.client.post("/v1/conventions", json=body, headers=firm.authorised)
    assert (asked.status_code, asked.get_json()["template"]) == (202, "bail")


def test_a_template_lives_in_the_database_from_add_to_remove(firm: Application, tmp_path: Path) -> None:
    docx, toml = write(tmp_path, "divorce", "Divorce par consentement mutuel")
    added = flask(firm, "add", docx, toml)
    assert added.exit_code == 0, added.output
    docx.unlink()
    toml.unlink()
    assert listed(firm)["divorce"] == ("Divorce par consentement mutuel", "database")
    assert firm.runtime.templates.load("divorce").name == "divorce"
    assert "divorce  [base de données]  Divorce par consentement mutuel" in flask(firm, "list").output
    assert flask(firm, "remove", "divorce").exit_code == 0
    assert "divorce" not in listed(firm)
    with pytest.raises(NotFound):
        firm.runtime.templates.load("divorce")
    assert flask(firm, "remove", "divorce").exit_code == 1


def test_a_refused_template_is_never_added(firm: Application, tmp_path: Path) -> None:
    docx, toml = write(tmp_path, "divorce", "Divorce")
    docx.write_bytes(b"not a Word file")
    refused = flask(firm, "add", docx, toml)
    assert refused.exit_code == 1
    assert "enregistrez-le" in refused.output
    misnamed, toml = write(tmp_path, "Mon Divorce", "Divorce")
    assert flask(firm, "add", misnamed, toml).exit_code == 1
    with firm.runtime.database.reading() as session:
        assert templates.names(session) == []


def test_a_folder_template_whose_sheet_is_faulty_says_so_where_it_is_listed(
    firm: Application, folder: Path
) -> None:
    _, toml = write(folder, "bail", "Bail")
    toml.unlink()
    items = firm.client.get("/v1/templates", headers=firm.authorised).get_json()["items"]
    [bail] = [item for item in items if item["name"] == "bail"]
    assert ".toml" in bail["description"]


@pytest.mark.parametrize("name", shipped_names())
def test_check_tells_the_variables_and_what_each_kind_of_client_would_get(
    firm: Application, name: str
) -> None:
    told = flask(firm, "check", DIRECTORY / f"{name}.docx")
    assert told.exit_code == 0, told.output
    whole, *cases = told.output.split("\nPour ")
    assert "un avocat doit le relire, l'adapter et le valider" in whole
    [group] = [line for line in whole.splitlines() if line.startswith("  client :")]
    assert "nom_complet" in group
    kinds = [
        "un consommateur, au cabinet",
        "un consommateur, à distance",
        "un consommateur, hors établissement",
        "un professionnel, à distance",
        "une association, au cabinet",
        "une société, au cabinet",
    ]
    aided = ["un consommateur à l'aide juridictionnelle partielle, au cabinet"] * (name == "contentieux")
    assert [case.partition(" :")[0] for case in cases] == kinds + aided
    assert all("rien ne manque ; l'envoi est possible." in case for case in cases)
    assert marks(whole, "retract_formulaire") == "·●●····"[: len(cases)]
    assert marks(whole, "retract_fonction_ligne") == "·●·····"[: len(cases)]
    assert marks(whole, "representant_pouvoir") == "····●●·"[: len(cases)]


def test_check_says_what_would_stop_the_sending_and_to_whom(firm: Application, tmp_path: Path) -> None:
    without("forfait", "mediateur_consommation", tmp_path)
    told = flask(firm, "check", tmp_path / "forfait.docx")
    assert told.exit_code == 0, told.output
    assert marks(told.output, "mediateur_consommation") == "✗✗✗···"
    refused = [line for line in told.output.splitlines() if line.endswith("l'envoi serait refusé.")]
    assert len(refused) == 3
    assert all(line.startswith("Pour un consommateur") for line in refused)
    assert "la clause manque ; ajoutez-la dans un contrôle de contenu [mediateur_consommation]" in told.output


def test_check_tells_what_is_wrong_and_ends_with_1(firm: Application, tmp_path: Path) -> None:
    docx, toml = write(tmp_path, "divorce", "Divorce")
    sheet = toml.read_text(encoding="utf-8")
    toml.write_text(sheet.replace("blocks = [", 'blocks = [\n    {id = "invented"},'), encoding="utf-8")
    told = flask(firm, "check", docx)
    assert told.exit_code == 1
    assert "invented : Une clause annoncée" in told.output


def test_check_takes_a_draft_that_has_no_sheet_yet(firm: Application, tmp_path: Path) -> None:
    docx, toml = write(tmp_path, "divorce", "Divorce")
    toml.unlink()
    told = flask(firm, "check", docx)
    assert told.exit_code == 0, told.output
    assert "Sans fiche" in told.output
