"""The operator's rehearsal: ``flask --app app rehearse``, the ten scenarios before going live."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import click
from flask import Flask

import logs
from connectors.signature import REGISTRY
from domain.naming import PARIS
from rehearsal import stand_ins
from rehearsal.hands import PersonHands, StandInHands
from rehearsal.listener import listening
from rehearsal.outcome import Ending, Failed, Result
from rehearsal.player import play
from rehearsal.report import HTML, LOG, Report, save, versions
from rehearsal.scratch import TEMPLATE, Scratch, settings_of
from rehearsal.stage import Stage
from workers.runtime import Runtime

#: how long, in seconds, the hub may take for what no person does
_PATIENCE = 60.0


def rehearse_command(firm: Runtime, build: Callable[[Runtime], Flask]) -> click.Command:
    @click.command("rehearse", help="Joue les dix scénarios d'essai et en écrit le rapport.")
    @click.option("--provider", help="prestataire à essayer ; celui des réglages sinon")
    @click.option("--out", type=click.Path(path_type=Path), help="dossier du rapport, neuf ou vide")
    @click.option(
        "--email", "mails", multiple=True,
        help="prestataire réel : où envoyer (répétable : client, cocontractant, avocat)",
    )  # fmt: skip
    @click.option("--phone", help="prestataire réel : portable qui recevra les codes du client")
    @click.option(
        "--timeout", default=900, show_default=True, help="prestataire réel : secondes par signature"
    )
    def rehearse(
        provider: str | None, out: Path | None, mails: tuple[str, ...], phone: str | None, timeout: int
    ) -> None:
        name = _chosen(firm, provider)
        sandbox = firm.settings.core.sandbox_url
        if not sandbox and not mails:
            raise click.UsageError(
                "Prestataire réel : indiquez avec --email où envoyer les demandes de signature."
            )
        folder = _new_folder(out, firm.settings.core.data_dir)
        person = PersonHands(click.echo, timeout)
        try:
            report = _played(firm, build, name, folder, person, () if sandbox else mails, phone)
        except Failed as failed:
            raise click.ClickException(f"{failed.seen} {failed.todo}".strip()) from None
        click.echo(f"{report.summary} Rapport : {folder / HTML}")
        raise SystemExit(1 if report.ending is Ending.FAILED else 0)

    return rehearse


def _chosen(firm: Runtime, provider: str | None) -> str:
    name = provider or firm.settings.core.provider
    known = [one for one in REGISTRY if one in firm.settings.sections]
    if name not in known:
        raise click.UsageError(f"Prestataire inconnu ou non réglé ; choisissez parmi : {', '.join(known)}.")
    return name


def _new_folder(out: Path | None, data_dir: Path) -> Path:
    """Nothing of an earlier rehearsal is ever written over."""
    stamp = datetime.now(PARIS).strftime("%Y-%m-%d_%H-%M-%S")
    folder = out or data_dir / "repetitions" / stamp
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise click.UsageError("Le dossier du rapport n'est pas vide ; donnez-en un autre à --out.")
    (folder / "archive").mkdir()
    return folder.absolute()


def _played(
    firm: Runtime,
    build: Callable[[Runtime], Flask],
    provider: str,
    folder: Path,
    person: PersonHands,
    mails: tuple[str, ...],
    phone: str | None,
) -> Report:
    began, sandbox = datetime.now(UTC), firm.settings.core.sandbox_url
    with ExitStack() as ending:
        ending.enter_context(_ending_well())
        ending.enter_context(logs.kept_in(folder / LOG))
        if sandbox and ending.enter_context(stand_ins.standing(sandbox, provider)):
            click.echo("Le bac à sable n'était pas lancé : il l'est, le temps de la répétition.")
        scratch = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="paraphe-")))
        settings = settings_of(firm.settings, provider, scratch, folder / "archive")
        hub = Scratch(settings, firm, build, _PATIENCE)
        ending.callback(hub.close)
        stand_in = stand_ins.StandIn(sandbox, provider) if sandbox else None
        stage = Stage(
            hub=hub,
            hands=StandInHands(stand_in) if stand_in else person,
            stand_in=stand_in,
            billing=ending.enter_context(listening()),
            folder=folder,
            firm_days=firm.settings.reminder_days,
            mails=mails,
            phone=phone,
        )
        _announce(hub, bool(sandbox))
        try:
            results = play(stage, click.echo)
        finally:
            left = stage.tidy()
            if left:
                click.echo(f"✗ À annuler chez le prestataire : {', '.join(left)}.")
        report = _report(hub, provider, began, results, left)
        save(report, folder, hub.flask)
    return report


def _report(hub: Scratch, provider: str, began: datetime, results: list[Result], left: list[str]) -> Report:
    manifest = hub.runtime.templates.load(TEMPLATE).manifest
    core = hub.runtime.settings.core
    return Report(
        began=began,
        ended=datetime.now(UTC),
        provider=provider,
        label=hub.provider.label,
        sandbox=bool(core.sandbox_url),
        converter=core.converter,
        versions=versions(hub.flask, f"{TEMPLATE} {manifest.version if manifest else ''}".strip()),
        results=tuple(results),
        left_open=tuple(left),
    )


@contextmanager
def _ending_well() -> Iterator[None]:
    """A closed terminal or a ``kill`` ends it as Ctrl-C does: with nothing left before signers."""

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupted) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _announce(hub: Scratch, sandbox: bool) -> None:
    if sandbox:
        click.echo("BAC À SABLE, SANS VALEUR : rien de ce qui est signé ici n'engage personne.")
    else:
        click.echo(
            "Prestataire réel : sept demandes de signature vont partir, aux seules adresses de --email."
        )
    click.echo(f"Répétition générale avec {hub.provider.label} : dix scénarios.")
