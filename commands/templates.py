"""The operator's commands on templates: ``flask --app app templates check|add|list|remove``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from string import ascii_uppercase

import click
from flask.cli import AppGroup

from documents.review import Case, review
from documents.template import NAME, Files, Template, announced, load
from domain.errors import Invalid
from domain.french import long_date
from domain.mentions import Line, Status
from domain.mentions.law import LAW
from domain.mentions.report import RIGHT
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
        click.echo("\n".join(_reviewed(runtime, docx)))

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


def _reviewed(runtime: Runtime, docx: Path) -> Iterator[str]:
    sheet = docx.with_suffix(".toml")
    template = _admitted(docx, sheet if sheet.is_file() else None)
    if template.manifest is None:
        yield f"Sans fiche : ajoutez {sheet.name} à côté avant de l'installer."
    else:
        yield f"{template.manifest.title}, version {template.manifest.version}."
        yield template.manifest.avertissement
    yield from ["", "Variables employées, par groupe :", *_variables(template.fields)]
    cases = list(review(template, runtime.cabinet(), runtime.now().astimezone(PARIS).date()))
    yield from ["", *_table(cases), ""]
    for case in cases:
        yield from _told(case)


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


def _variables(fields: Iterable[str]) -> Iterator[str]:
    """Group by group: ``client.nom`` under ``client``."""
    for group, names in groupby(sorted(fields), lambda name: re.split(r"\W", name)[0]):
        inside = [name.removeprefix(group).removeprefix(".") for name in names]
        yield f"  {group} : {', '.join(one for one in inside if one) or '(seule)'}"


def _table(cases: Sequence[Case]) -> Iterator[str]:
    """One line per mention, one column per kind of client."""
    yield f"Mentions, selon les textes relevés le {long_date(LAW.checked_on)} et à relire par un avocat :"
    yield from (f"  {letter} = {case.client}" for letter, case in zip(ascii_uppercase, cases, strict=False))
    yield f"  {_PRINTED} la clause s'imprime   {_WRONG} elle manque ou est à revoir   {_OUT} sans objet"
    yield "  " + " ".join(ascii_uppercase[: len(cases)])
    for lines in zip(*(case.report.lines for case in cases), strict=True):
        marks = [_mark(line) for line in lines]
        if set(marks) != {_OUT}:
            yield f"  {' '.join(marks)}  {lines[0].label} [{lines[0].id}]"


def _mark(line: Line) -> str:
    if line.status not in RIGHT:
        return _WRONG
    return _PRINTED if line.applies and line.present else _OUT


def _told(case: Case) -> Iterator[str]:
    blocking, warnings = case.report.blocking, case.report.warnings
    carried = sum(_mark(line) == _PRINTED for line in case.report.lines)
    sent = "l'envoi serait refusé" if blocking else "l'envoi est possible"
    lacks = "" if blocking or warnings else ", rien ne manque"
    yield f"Pour {case.client} : {carried} mentions imprimées{lacks} ; {sent}."
    yield from (f"  empêche l'envoi : {_named(line)}" for line in blocking)
    yield from (f"  à revoir : {_named(line)}" for line in warnings)


def _named(line: Line) -> str:
    return f"{line.label} ({line.article}) : {_STATUSES[line.status]} [{line.id}]"


_PRINTED, _WRONG, _OUT = "●", "✗", "·"
_STATUSES = {
    Status.MISSING: "la clause manque ; ajoutez-la dans un contrôle de contenu",
    Status.VALUE_MISSING: "la clause n'imprime pas tout ce qu'elle doit ; vérifiez ses variables",
    Status.ADVISED: "la clause pourrait en dire plus",
    Status.FORBIDDEN: "ne doit pas s'y trouver ; retirez-la pour ce client",
    Status.UNVERIFIED: "à vérifier à la lecture",
}
