"""The operator's commands on templates: ``flask --app app templates check|add|list|remove``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from documents.review import Case, review
from documents.template import NAME, Files, Template, announced, load
from domain.errors import Invalid
from domain.mentions import Line, Status
from domain.naming import PARIS
from store import templates
from workers.runtime import Runtime

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ORIGINS = {"folder": "dossier du cabinet", "database": "base de données", "shipped": "fourni"}


def templates_group(runtime: Runtime) -> AppGroup:
    group = AppGroup("templates", help="Les modèles de conventions.")

    @group.command("check", help="Dit si un modèle est admis, ce qu'il imprime et les mentions qu'il porte.")
    @click.argument("docx", metavar="FILE", type=_FILE)
    def check(docx: Path) -> None:
        sheet = docx.with_suffix(".toml")
        template = _admitted(docx, sheet if sheet.is_file() else None)
        if template.manifest is None:
            click.echo(f"Sans fiche : ajoutez {sheet.name} à côté avant de l'installer.")
        click.echo(f"Variables ({len(template.fields)}) : {', '.join(template.fields)}")
        today = runtime.now().astimezone(PARIS).date()
        for case in review(template, runtime.cabinet(), today):
            click.echo("\n".join(["", *_told(case)]))

    @group.command("add", help="Installe un modèle dans la base de données ; il remplace celui du même nom.")
    @click.argument("docx", type=_FILE)
    @click.argument("toml", type=_FILE)
    def add(docx: Path, toml: Path) -> None:
        name = docx.stem
        if not NAME.match(name):
            raise click.ClickException(
                "Le nom du fichier est celui du modèle : minuscules, chiffres, « - » et « _ » ; renommez-le."
            )
        _admitted(docx, toml)
        with runtime.database.transaction() as tx:
            templates.put(tx, runtime.now(), name, docx.read_bytes(), toml.read_bytes())
        click.echo(f"Modèle « {name} » installé dans la base de données.")

    @group.command("list", help="Les modèles installés, et d'où ils viennent.")
    def listing() -> None:
        for one in runtime.templates.listing():
            click.echo(f"{one.name}  [{_ORIGINS[one.origin]}]  {one.title}")

    @group.command("remove", help="Retire de la base de données un modèle du cabinet.")
    @click.argument("name")
    def remove(name: str) -> None:
        with runtime.database.transaction() as tx:
            done = templates.remove(tx, name)
        if not done:
            raise click.ClickException(
                "La base de données n'a pas de modèle de ce nom ; voyez « templates list »."
            )
        click.echo(f"Modèle « {name} » retiré de la base de données.")

    return group


def _admitted(docx: Path, sheet: Path | None) -> Template:
    """The template of these files; says every fault and ends with 1 when it is refused."""
    try:
        if sheet is None:
            template = load(docx.read_bytes())
        else:
            template = announced(docx.stem, Files(docx.read_bytes(), sheet.read_bytes()))
    except Invalid as refused:
        click.echo("Modèle refusé :")
        for fault in refused.errors:
            click.echo(f"  {fault.path} : {fault.detail}")
        raise SystemExit(1) from None
    click.echo("Modèle admis.")
    return template


def _told(case: Case) -> Iterator[str]:
    carried = [
        line.id
        for line in case.report.lines
        if line.applies and line.present and line.status is not Status.FORBIDDEN
    ]
    yield f"Pour {case.client} :"
    yield f"  porte ({len(carried)}) : {', '.join(carried) or 'rien'}"
    yield from (f"  empêche l'envoi : {_named(line)}" for line in case.report.blocking)
    yield from (f"  à revoir : {_named(line)}" for line in case.report.warnings)


def _named(line: Line) -> str:
    return f"{line.id}, {line.label} ({line.article}) : {_STATUSES[line.status]}"


_STATUSES = {
    Status.MISSING: "la clause manque",
    Status.VALUE_MISSING: "la clause n'imprime pas tout ce qu'elle doit",
    Status.ADVISED: "la clause pourrait en dire plus",
    Status.FORBIDDEN: "ne doit pas s'y trouver",
    Status.UNVERIFIED: "à vérifier à la lecture",
}
