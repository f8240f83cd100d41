"""A sealed copy is opened with the key ring alone, with or without a database (open_sealed.py)."""

from __future__ import annotations

import os
from pathlib import Path

import click

from commands.refusals import refused
from connectors.archives.sealing import opened
from domain.errors import ParapheError
from settings import KEY_ID
from store.cipher import CannotOpen, KeyRing

SEALED = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(path_type=Path)


def tell_opened(sealed: Path, out: Path, ring: KeyRing) -> None:
    """Raises ClickException, in French."""
    try:
        content = _opened(sealed.read_bytes(), ring)
        # in clear from here on: for this account alone
        descriptor = os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 # a descriptor has no path
            file.write(content)
    except ParapheError as error:
        raise refused(error) from None
    except FileExistsError:
        raise click.ClickException("Le fichier à écrire existe déjà : donnez un autre nom.") from None
    except OSError:
        raise click.ClickException("Fichier impossible à lire ou à écrire : vérifiez les chemins.") from None
    click.echo(f"Ouvert : {len(content)} octets.")


def _opened(content: bytes, ring: KeyRing) -> bytes:
    try:
        sealed_under = KeyRing.key_id(content)
    except CannotOpen:
        sealed_under = ""
    if not KEY_ID.fullmatch(sealed_under):
        raise click.ClickException(
            "Ce fichier n'est pas une copie chiffrée par le hub, ou n'en a plus le début : donnez-en une "
            "telle qu'elle est dans l'archive."
        )
    if sealed_under not in ring.key_ids:
        raise click.ClickException(
            f"Cette copie a été chiffrée sous la clé {sealed_under}, qui n'est pas dans le trousseau : "
            "ajoutez-la à PARAPHE_ENCRYPTION_KEYS."
        )
    return opened(content, ring.open)
