"""``--source`` and ``--place``: where the records of a button or a trigger stand."""

from __future__ import annotations

import click
from pydantic import BaseModel, ValidationError

from connectors import sources
from connectors.sources import Source
from workers.runtime import Runtime


def placed(runtime: Runtime, kind: str, places: tuple[str, ...]) -> tuple[Source, BaseModel]:
    """The source and the place that ``key=value`` pairs name. Raises ClickException for what is none."""
    known = [name for name in sources.REGISTRY if name in runtime.settings.sections]
    listed = [name for name in known if runtime.source(name).Place is not None]
    if kind not in listed:
        raise click.ClickException(f"--source : choisissez parmi : {', '.join(listed)}.")
    source = runtime.source(kind)
    assert source.Place is not None
    given = dict(one.partition("=")[::2] for one in places)
    try:
        return source, source.Place.model_validate(given)
    except ValidationError as error:
        wrong = sorted({str(fault["loc"][0]) for fault in error.errors() if fault["loc"]})
        wanted = ", ".join(f"--place {name}=…" for name in source.Place.model_fields) or "aucun --place"
        told = f"--place : valeur absente ou refusée ({', '.join(wrong)})"
        raise click.ClickException(f"{told} ; attendu : {wanted}, tels que l'outil les donne.") from None
