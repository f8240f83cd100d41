"""The operator's commands on signature providers: what each can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import click
from flask.cli import AppGroup

from connectors import signature
from connectors.loading import connector_class
from domain.capabilities import AUTHENTICATIONS, LEVELS, Capabilities
from domain.signature import Level


def _checks(level: Level, able: Capabilities) -> str:
    return "<br>".join(AUTHENTICATIONS[one] for one in able.checks.get(level, ())) or "non proposée"


def _reminder(able: Capabilities) -> str:
    said = "oui" if able.reminds_one_signer else "par le même lien"
    apart = able.minutes_between_reminders
    return f"{said}, au plus une toutes les {apart} minutes" if apart else said


_LINES: dict[str, Callable[[Capabilities], str]] = {
    **{f"Signature {name}": partial(_checks, level) for level, name in LEVELS.items()},
    "Relance d'un seul signataire": _reminder,
    "Preuve": lambda able: ", ".join(one.upper() for one in able.proof_formats),
    "Taille du document": lambda able: f"{able.max_megabytes} Mo",
    "Pages": lambda able: str(able.max_pages or "sans limite publiée"),
    "Signataires": lambda able: str(able.max_signers or "sans limite publiée"),
    "Délai de signature": lambda able: f"{able.longest_days} jours au plus",
    "Hébergement": lambda able: able.hosting,
    "Sous-traitance (RGPD, art. 28)": lambda able: able.processing_agreement,
    "À savoir": lambda able: "<br>".join(able.remarks) or "néant",
}


def providers_group() -> AppGroup:
    group = AppGroup("providers", help="Les prestataires de signature.")

    @group.command("table", help="Ce que chacun sait faire, en Markdown (docs/fr/prestataires.md).")
    def _table() -> None:
        click.echo(table())

    return group


def table() -> str:
    """The table of docs/fr/prestataires.md, from what each connector declares."""
    known = [connector_class(signature.REGISTRY, name) for name in signature.REGISTRY]
    rows = [["", *(one.label for one in known)], ["---"] * (len(known) + 1)]
    rows += [[f"**{title}**", *(say(one.capabilities) for one in known)] for title, say in _LINES.items()]
    return "\n".join(_row(row) for row in rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
