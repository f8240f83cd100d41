"""The operator's commands on buttons, and on the people who press them: ``flask --app app buttons
create|list|revoke`` and ``people list|revoke``."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from commands.places import placed
from connectors import sources
from domain.people import ButtonSettings
from handlers.hub import Hub
from store import buttons, people
from workers.runtime import Runtime


def buttons_group(app: Flask, runtime: Runtime) -> AppGroup:
    group = AppGroup("buttons", help="Les boutons posés dans l'outil qui tient les fiches.")

    @group.command("create", help="Crée un bouton et donne la formule à coller.")
    @click.option("--source", "kind", required=True, type=click.Choice([*sources.REGISTRY]))
    @click.option("--place", "places", multiple=True, metavar="CLÉ=VALEUR", help="où sont les fiches")
    @click.option("--action", required=True, type=click.Choice(buttons.ACTIONS))
    @click.option("--template", help="modèle ; celui des réglages par défaut")
    def create(kind: str, places: tuple[str, ...], action: str, template: str | None) -> None:
        source, place = placed(runtime, kind, places)
        if template is not None and template not in runtime.templates.names():
            raise click.ClickException("Ce modèle n'existe pas ; voyez « templates list ».")
        with runtime.database.transaction() as tx:
            row = buttons.create(tx, runtime.now(), kind, place.model_dump(mode="json"), action, template)
        hub: Hub = app.extensions["paraphe"]
        url = hub.button_url(row.id)
        click.echo(source.link_formula(url) or f"{url}?record=<identifiant de la fiche>")
        section = runtime.settings.section("buttons", ButtonSettings)
        if not (section and section.addresses):
            click.echo("Personne ne peut s'en servir : renseignez PARAPHE_BUTTONS_PEOPLE.", err=True)

    @group.command("list", help="Les boutons et l'endroit où sont leurs fiches ; pas leur adresse.")
    def listing() -> None:
        with runtime.database.reading() as session:
            for row in buttons.everything(session):
                state = "révoqué" if row.revoked_at else "actif"
                where = ", ".join(f"{name}={value}" for name, value in row.place.items())
                model = f"  [{row.template}]" if row.template else ""
                click.echo(f"{row.id}  {state:7}  {row.action:7}  {row.source_kind}  {where}{model}")

    @group.command("revoke", help="Révoque un bouton, tout de suite : sa formule n'ouvre plus rien.")
    @click.argument("button_id")
    def revoke(button_id: str) -> None:
        with runtime.database.transaction() as tx:
            done = buttons.revoke(tx, runtime.now(), button_id)
        if not done:
            raise click.ClickException("Aucun bouton actif de cet identifiant ; voyez « buttons list ».")
        click.echo("Bouton révoqué.")

    return group


def people_group(runtime: Runtime) -> AppGroup:
    group = AppGroup("people", help="Les personnes du cabinet qui se servent des boutons.")

    @group.command("list", help="Qui s'est connecté un jour, et l'identifiant que le journal en donne.")
    def listing() -> None:
        section = runtime.settings.section("buttons", ButtonSettings) or ButtonSettings()
        with runtime.database.reading() as session:
            for row in people.everyone(session):
                state = "autorisée" if row.email in section.addresses else "retirée"
                click.echo(f"{row.id}  {state:9}  {row.email}")

    @group.command("revoke", help="Ferme, tout de suite, les connexions d'une personne, ou de toutes.")
    @click.argument("person_id", required=False)
    def revoke(person_id: str | None) -> None:
        with runtime.database.transaction() as tx:
            if person_id is not None and people.find(tx, person_id) is None:
                raise click.ClickException("Personne n'a cet identifiant ; voyez « people list ».")
            ended = people.sign_out(tx, runtime.now(), person_id=person_id)
        click.echo(f"Connexions fermées : {ended}.")

    return group
