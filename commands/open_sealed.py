"""``python -m commands.open_sealed SEALED OUT``: opens a sealed copy with ``PARAPHE_ENCRYPTION_KEYS`` and
nothing else, where the database and every other setting are lost. No file imports it: it is run by itself.
"""

from __future__ import annotations

from pathlib import Path

import click

from commands.archives_opening import NEW, SEALED, tell_opened
from settings import SettingsError, load_keys
from store.cipher import KeyRing


@click.command(help="Ouvre une copie chiffrée avec PARAPHE_ENCRYPTION_KEYS seul, sans la base.")
@click.argument("sealed", type=SEALED)
@click.argument("out", type=NEW)
def main(sealed: Path, out: Path) -> None:
    try:
        ring = KeyRing(load_keys())
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    tell_opened(sealed, out, ring)


if __name__ == "__main__":
    main()
