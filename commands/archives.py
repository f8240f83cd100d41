"""The operator's commands on archived copies: ``flask --app app archives``, then status, verify, fill,
restore-test or open."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup

from commands.archives_opening import NEW, SEALED, tell_opened
from commands.archives_told import data, lines, restored
from commands.refusals import refused
from domain.errors import ParapheError
from store import restore_tests
from workers.copies import fill, longest_unread, verdicts, verify_now
from workers.restoring import restore_test
from workers.runtime import Runtime


def archives_group(runtime: Runtime) -> AppGroup:
    group = AppGroup("archives", help="Les copies des conventions signées : 3-2-1 (docs/fr/archives.md).")

    @group.command("status", help="Dit, par convention, quelles copies existent et ce qui manque.")
    @click.option("--json", "as_json", is_flag=True, help="pour un programme")
    def status(as_json: bool) -> None:
        _status(runtime, as_json)

    @group.command("verify", help="Relit des copies maintenant, les compare, refait ce qui manque.")
    @click.option("--all", "everything", is_flag=True, help="toutes les conventions signées")
    @click.option("--sample", type=click.IntRange(1), help="combien ; PARAPHE_COPIES_SAMPLE par défaut")
    def verify(everything: bool, sample: int | None) -> None:
        wanted = None if everything else sample or max(runtime.copies().sample, 1)
        _verify(runtime, longest_unread(runtime, wanted))

    @group.command("fill", help="Classe dans les archives ajoutées depuis, et ce qui avait été abandonné.")
    def _fill() -> None:
        click.echo(
            f"Classements à faire : {fill(runtime)}. Les workers s'en chargent ; archives status dit où ils "
            "en sont."
        )

    @group.command("restore-test", help="Restaure un échantillon de chaque archive et en garde le résultat.")
    @click.option("--sample", type=click.IntRange(1), default=5, help="conventions par archive (5)")
    @click.option("--into", type=NEW, help="un dossier vide, qui est gardé ; sinon rien ne reste")
    def test(sample: int, into: Path | None) -> None:
        _restore(runtime, sample, into)

    @group.command("open", help="Ouvre, avec le trousseau, une copie chiffrée d'un stockage d'objets.")
    @click.argument("sealed", type=SEALED)
    @click.argument("out", type=NEW)
    def open_sealed(sealed: Path, out: Path) -> None:
        tell_opened(sealed, out, runtime.database.ring)

    return group


def _status(runtime: Runtime, as_json: bool) -> None:
    now, late = runtime.now(), 2 * runtime.copies().verify_after
    with runtime.database.reading() as session:
        tests = restore_tests.state(session, now)
    found = verdicts(runtime)
    if as_json:
        click.echo(json.dumps(data(found, tests, now - late), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(lines(found, tests, now - late)))


def _verify(runtime: Runtime, ids: list[str]) -> None:
    """Ends with 1 when something is lost or could not be settled."""
    names = {one.filing.id: one.filing.dossier for one in verdicts(runtime)}
    repaired = wrong = 0
    for convention_id in ids:
        looked = verify_now(runtime, convention_id)
        repaired += looked.repaired
        if looked.problem:
            wrong += 1
            click.echo(f"✗ {names[convention_id]} : {looked.problem}")
        elif looked.repaired:
            click.echo(f"✓ {names[convention_id]} : copie refaite.")
    click.echo(
        f"Conventions relues : {len(ids)} ; bonnes : {len(ids) - wrong} ; réparées : {repaired} ; "
        f"à voir : {wrong}."
    )
    raise SystemExit(1 if wrong else 0)


def _restore(runtime: Runtime, sample: int, into: Path | None) -> None:
    with _place(into) as folder:
        try:
            report = restore_test(runtime, sample, folder, keep_report=into is not None)
        except ParapheError as error:
            raise refused(error) from None
    click.echo("\n".join(restored(report)))
    raise SystemExit(0 if report.passed or report.nothing else 1)


@contextmanager
def _place(into: Path | None) -> Iterator[Path]:
    if into is not None:
        yield into
        return
    with tempfile.TemporaryDirectory(prefix="paraphe-restauration-") as folder:
        yield Path(folder)
