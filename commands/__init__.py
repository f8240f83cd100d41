"""The operator's commands: ``flask --app app`` and one of db, keys, callbacks, buttons, people, triggers,
providers, templates, archives, doctor, rehearse, settings."""

from __future__ import annotations

from collections.abc import Callable

import click
from flask import Flask
from flask.cli import AppGroup

from commands.archives import archives_group
from commands.buttons import buttons_group, people_group
from commands.doctor import findings
from commands.providers import providers_group
from commands.refusals import refused
from commands.rehearsal import rehearse_command
from commands.templates import templates_group
from commands.triggers import triggers_group
from domain.errors import ParapheError
from settings import describe, new_encryption_key
from store import keys
from store.reseal import reseal
from workers.runtime import Runtime
from workers.start import all_sections


def install(app: Flask, runtime: Runtime, build: Callable[[Runtime], Flask]) -> None:
    """``build`` makes the application of another runtime: a rehearsal has its own."""
    for group in (
        _db(runtime),
        _keys(runtime),
        _callbacks(runtime),
        buttons_group(app, runtime),
        people_group(runtime),
        providers_group(),
        templates_group(runtime),
        archives_group(runtime),
        triggers_group(runtime),
    ):
        app.cli.add_command(group)
    app.cli.add_command(_doctor(runtime))
    app.cli.add_command(_settings())
    app.cli.add_command(rehearse_command(runtime, build))


def _db(runtime: Runtime) -> AppGroup:
    group = AppGroup("db", help="La base de données.")

    @group.command("upgrade", help="Met les tables à la version du programme.")
    def upgrade() -> None:
        runtime.database.upgrade()
        click.echo("La base est à jour.")

    return group


def _keys(runtime: Runtime) -> AppGroup:
    group = AppGroup("keys", help="Les clés des appelants, et le trousseau.")

    @group.command("create", help="Crée une clé ; elle n'est montrée qu'une fois.")
    @click.argument("label")
    @click.option(
        "--scope", "scopes", multiple=True, type=click.Choice(keys.SCOPES), help="répétable ; tous par défaut"
    )
    def create(label: str, scopes: tuple[str, ...]) -> None:
        with runtime.database.transaction() as tx:
            _, shown = keys.create(tx, runtime.now(), label[:80], scopes or keys.SCOPES)
        click.echo(shown)

    @group.command("list", help="Les clés, sans leur secret.")
    def listing() -> None:
        with runtime.database.reading() as session:
            for row in keys.everything(session):
                state = "révoquée" if row.revoked_at else "active"
                click.echo(f"{row.id}  {state:9}  {row.label}  [{', '.join(row.scopes)}]")

    @group.command("revoke", help="Révoque une clé, tout de suite.")
    @click.argument("key_id")
    def revoke(key_id: str) -> None:
        with runtime.database.transaction() as tx:
            done = keys.revoke(tx, runtime.now(), key_id)
        if not done:
            raise click.ClickException("Aucune clé active de cet identifiant ; voyez « keys list ».")
        click.echo("Clé révoquée.")

    @group.command("encryption", help="Tire une clé de chiffrement pour PARAPHE_ENCRYPTION_KEYS.")
    @click.argument("key_id", default="k1")
    def encryption(key_id: str) -> None:
        click.echo(new_encryption_key(key_id))

    @group.command("reseal", help="Rechiffre la base avec la première clé, pas les copies des archives.")
    def reseal_all() -> None:
        click.echo(f"{reseal(runtime.database)} valeurs rechiffrées.")

    return group


def _callbacks(runtime: Runtime) -> AppGroup:
    group = AppGroup("callbacks", help="Les rappels des prestataires de signature.")

    @group.command("subscribe", help="Demande au prestataire d'appeler ce hub.")
    @click.argument("provider", required=False)
    def subscribe(provider: str | None) -> None:
        name = provider or runtime.settings.core.provider
        url = f"{runtime.settings.core.public_url}/v1/callbacks/{name}"
        try:
            click.echo(runtime.provider(name).subscribe(url))
        except ParapheError as error:
            raise refused(error) from None

    return group


def _doctor(runtime: Runtime) -> click.Command:
    @click.command("doctor", help="Vérifie pour de vrai chaque réglage et chaque connecteur.")
    def doctor() -> None:
        found = findings(runtime)
        for one in found:
            click.echo(f"{'✓' if one.ok else '✗'} {one.text}")
        if not all(one.ok for one in found):
            raise click.ClickException("Corrigez ce qui porte ✗, puis relancez doctor : il ne réessaie rien.")

    return doctor


def _settings() -> click.Command:
    @click.command("settings", help="Écrit la liste des réglages, comme dans .env.example.")
    def settings() -> None:
        click.echo("\n".join(describe(all_sections())))

    return settings
