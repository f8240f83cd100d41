"""The operator's commands: ``flask --app app db|keys|callbacks|templates|doctor|settings``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import click
from flask import Flask
from flask.cli import AppGroup

from commands_templates import templates_group
from connectors import Finding, archives, signature, sources
from domain.errors import ParapheError
from settings import describe, new_encryption_key
from store import keys
from store.reseal import reseal
from workers.runtime import Runtime
from workers.start import all_sections


class _Checked(Protocol):
    def check(self) -> tuple[Finding, ...]: ...


def install(app: Flask, runtime: Runtime) -> None:
    for group in (_db(runtime), _keys(runtime), _callbacks(runtime), templates_group(runtime)):
        app.cli.add_command(group)
    app.cli.add_command(_doctor(runtime))
    app.cli.add_command(_settings())


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
        click.echo("Clé révoquée." if done else "Aucune clé active de cet identifiant ; voyez « keys list ».")

    @group.command("encryption", help="Tire une clé de chiffrement pour PARAPHE_ENCRYPTION_KEYS.")
    @click.argument("key_id", default="k1")
    def encryption(key_id: str) -> None:
        click.echo(new_encryption_key(key_id))

    @group.command(
        "reseal", help="Rechiffre tout avec la première clé du trousseau ; l'ancienne peut ensuite partir."
    )
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
            raise click.ClickException(error.detail) from None

    return group


def _doctor(runtime: Runtime) -> click.Command:
    @click.command("doctor", help="Vérifie pour de vrai chaque réglage et chaque connecteur.")
    def doctor() -> None:
        findings = [*_own(runtime), *_connectors(runtime)]
        for finding in findings:
            click.echo(f"{'✓' if finding.ok else '✗'} {finding.text}")
        if not all(finding.ok for finding in findings):
            raise SystemExit(1)

    return doctor


def _own(runtime: Runtime) -> list[Finding]:
    core, queue = runtime.settings.core, runtime.queue.ready()
    database = runtime.database.ready()
    kind = "SQLite" if runtime.database.is_sqlite else "PostgreSQL"
    example = runtime.cabinet().is_example and not core.sandbox_url
    return [
        Finding(
            database,
            f"Base de données ({kind}) : "
            + (
                "à jour."
                if database
                else "injoignable ou pas à jour ; lancez « flask --app app db upgrade »."
            ),
        ),
        Finding(
            queue,
            "File d'attente (Redis) : "
            + (
                "joignable."
                if queue
                else "injoignable ; vérifiez REDIS_URL. Rien ne se perd, mais rien n'avance."
            ),
        ),
        Finding(
            not example,
            "Cabinet : "
            + (
                "c'est encore le cabinet d'exemple ; renseignez les réglages PARAPHE_CABINET_…"
                if example
                else "renseigné."
            ),
        ),
        Finding(
            True,
            "Bac à sable : rien de ce qui est signé n'a de valeur."
            if core.sandbox_url
            else "Prestataires réels : ce qui part engage le cabinet.",
        ),
    ]


def _connectors(runtime: Runtime) -> list[Finding]:
    """Those that are set up; what is in use was required at the start."""
    found: list[Finding] = []
    kinds: list[tuple[str, Iterable[str], Callable[[str], _Checked]]] = [
        ("Convertisseur", [runtime.settings.core.converter], lambda _: runtime.converter()),
        ("Source", sources.REGISTRY, runtime.source),
        ("Signature", signature.REGISTRY, runtime.provider),
        ("Archive", archives.REGISTRY, runtime.archive),
    ]
    for kind, known, get in kinds:
        for name in known:
            if name not in runtime.settings.sections:
                continue
            try:
                found += [Finding(f.ok, f"{kind} {name} : {f.text}") for f in get(name).check()]
            except ParapheError as error:
                found.append(Finding(False, f"{kind} {name} : {error.detail}"))
    return found


def _settings() -> click.Command:
    @click.command("settings", help="Écrit la liste des réglages, comme dans .env.example.")
    def settings() -> None:
        click.echo("\n".join(describe(all_sections())))

    return settings
