"""The operator's commands on triggers: ``flask --app app triggers add|list|look|remove``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click
from flask.cli import AppGroup
from pydantic import BaseModel

from commands.places import placed
from commands.refusals import refused
from connectors.sources import Candidate, Notifying, Source
from connectors.sources.columns import WrittenColumns
from domain.content import record_key, wish_key
from domain.errors import ParapheError
from domain.french import date_time
from store import watches
from store.models import Watch
from workers import subscriptions
from workers.runtime import Runtime
from workers.steps.trigger import content_of, place_of


def triggers_group(runtime: Runtime) -> AppGroup:
    group = AppGroup("triggers", help="Les tables surveillées : une fiche qui le demande est envoyée seule.")

    @group.command("add", help="Surveille une table ; les fiches qui le demandent déjà attendent.")
    @click.option("--source", "kind", required=True, help="l'outil où sont les fiches")
    @click.option("--place", "where", multiple=True, metavar="CLÉ=VALEUR", help="où elles sont ; répétable")
    @click.option("--column", required=True, help="la colonne qui demande")
    @click.option("--value", required=True, help="ce qu'elle dit alors")
    @click.option("--template", help="le modèle ; celui des réglages sinon")
    @click.option("--until", type=click.Choice(["rendered", "sent"]), default="sent", show_default=True)
    @click.option("--poll", is_flag=True, help="sans demander à l'outil d'appeler : la table est relue")
    @click.option("--standing", is_flag=True, help="envoie aussi les fiches qui le demandent déjà")
    def add(kind: str, where: tuple[str, ...], *, poll: bool, standing: bool, **told: Any) -> None:
        source, place = placed(runtime, kind, where)
        if told["template"] and told["template"] not in runtime.templates.names():
            raise click.ClickException("Modèle inconnu ; voyez « templates list ».")
        row = _added(runtime, source, place, standing, source_kind=kind, pushed=not poll, **told)
        _subscribe(runtime, source, place, row)
        click.echo("\n".join([row.id, *_told(runtime, row)]))

    @group.command("list", help="Les déclencheurs, et où ils en sont.")
    def listing() -> None:
        with runtime.database.reading() as session:
            rows = watches.live(session)
        click.echo("\n".join(line for row in rows for line in _listed(runtime, row)))

    @group.command("look", help="Relit la table maintenant.")
    @click.argument("watch_id")
    def look(watch_id: str) -> None:
        with runtime.database.transaction() as tx:
            watches.ask(tx, runtime.now(), _found(runtime, watch_id).id)
        click.echo("Lecture demandée au worker ; « triggers list » dira quand elle aura eu lieu.")

    @group.command("remove", help="Ne surveille plus ; ce qui est commencé continue.")
    @click.argument("watch_id")
    def remove(watch_id: str) -> None:
        click.echo(_removed(runtime, _found(runtime, watch_id)))

    return group


def _found(runtime: Runtime, watch_id: str) -> Watch:
    try:
        with runtime.database.reading() as session:
            return watches.find(session, watch_id)
    except ParapheError as error:
        raise refused(error) from None


def _added(runtime: Runtime, source: Source, place: BaseModel, standing: bool, **told: Any) -> Watch:
    """The watch, and what already asks, taken for begun unless ``standing``: setting up must send nothing by
    surprise. Listing it also proves that the place and the column are there."""
    now = runtime.now()
    try:
        _require_a_persons_column(runtime, told)
        there = list(source.candidates(place, told["column"], told["value"]))
        wish = (told["template"] or runtime.settings.core.template, told["until"])
        aside = [] if standing else list(_set_aside(runtime, source, place, there, wish))
    except ParapheError as error:
        raise refused(error) from None
    with runtime.database.transaction() as tx:
        row = watches.add(tx, now, place=place.model_dump(mode="json"), **told)
        for key, version, content in aside:
            watches.start(tx, now, row, key, version, content)
        if standing:
            watches.ask(tx, now, row.id)
    left = "partent maintenant" if standing else "ne partent qu'une fois modifiées (ou avec --standing)"
    if there:
        click.echo(f"Fiches qui disent déjà cette valeur : {len(there)} ; elles {left}.")
    return row


def _require_a_persons_column(runtime: Runtime, told: Mapping[str, Any]) -> None:
    section = runtime.settings.section(told["source_kind"], WrittenColumns)
    if section and told["column"].strip() in section.written.values():
        raise click.ClickException(
            "Le hub écrit lui-même dans cette colonne : surveillez-en une que des personnes remplissent."
        )


def _set_aside(
    runtime: Runtime, source: Source, place: BaseModel, there: list[Candidate], wish: tuple[str, str]
) -> Iterator[tuple[str, str, str | None]]:
    """What is remembered of records that are not to leave: one does once what would be agreed on changes."""
    for one in there:
        try:
            reference = source.ref(place, one.record)
        except ValueError:  # no identifier of a record: a look passes it over, too
            continue
        content = content_of(runtime, source, one, reference, wish)
        yield record_key(source.key(reference)) or "", wish_key(one.row.version, *wish), content


def _subscribe(runtime: Runtime, source: Source, place: BaseModel, row: Watch) -> None:
    url = subscriptions.address(runtime.settings, row.id)
    standing = subscriptions.keep_alive(runtime.now(), source, place, url, row)
    with runtime.database.transaction() as tx:
        subscriptions.kept(watches.find(tx, row.id, to_write=True), standing)
        if standing.subscription:
            watches.ask(tx, runtime.now(), row.id)  # for what asked before the tool was ready to tell us
    subscriptions.kept(row, standing)
    if standing.subscription and isinstance(source, Notifying):
        for line in source.by_hand(url, standing.subscription):
            click.echo(line)


def _listed(runtime: Runtime, row: Watch) -> Iterator[str]:
    yield f"{row.id}  {row.source_kind}"
    yield from _told(runtime, row)


def _told(runtime: Runtime, row: Watch) -> Iterator[str]:
    yield f"  « {row.column} » = « {row.value} », jusqu'à {row.until}"
    apart = int((subscriptions.polling(runtime.settings)).total_seconds())
    if row.outside_id and row.expires_at:
        until = date_time(row.expires_at).removeprefix("le ")
        yield f"  l'outil appelle le hub, jusqu'au {until} (prolongé seul) ; relue chaque heure"
    else:
        yield f"  relue toutes les {apart} secondes"
    if row.confirmation:
        yield f"  jeton à recopier dans l'outil : {row.confirmation}"
    yield f"  dernière lecture : {date_time(row.looked_at) if row.looked_at else 'pas encore'}"
    if row.problem:
        yield f"  à voir : {row.problem['detail']}"


def _removed(runtime: Runtime, row: Watch) -> str:
    with runtime.database.transaction() as tx:
        watches.end(runtime.now(), watches.find(tx, row.id, to_write=True))
    standing = subscriptions.of(row)
    try:
        source, place = place_of(runtime, row)
        if standing and standing.id and isinstance(source, Notifying):
            source.unsubscribe(place, standing)
    except ParapheError as error:
        return f"Déclencheur retiré ; son rappel reste chez l'outil, où il s'éteindra : {error.detail}"
    return "Déclencheur retiré ; s'il a été réglé à la main dans l'outil, retirez-le là aussi."
