"""Where templates are found: the firm's folder, then the database, then those that come with the hub.

The folder suits one machine; hosts that give each process its own disk use the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from documents.template import DIRECTORY, Files, Template, announced, available, find, read_manifest
from domain.errors import Invalid, NotFound
from store import templates
from store.database import Database


@dataclass(frozen=True)
class Listed:
    """``origin``: folder | database | shipped. A faulty .toml is told in ``description``."""

    name: str
    title: str
    description: str
    origin: str


class Templates:
    """``folder`` is the firm's own, if it has one."""

    def __init__(self, folder: Path | None, database: Database, shipped: Path = DIRECTORY) -> None:
        self._folder = folder
        self._database = database
        self._shipped = shipped

    def names(self) -> tuple[str, ...]:
        with self._database.reading() as session:
            kept = templates.names(session)
        own = available(self._folder) if self._folder else ()
        return tuple(sorted({*own, *kept, *available(self._shipped)}))

    def load(self, name: str) -> Template:
        """Raises NotFound (``template_unknown``) and Invalid (``template_refused``)."""
        files = self._find(name)
        if files is None:
            raise NotFound(
                "template_unknown", "Ce modèle n'existe pas : choisissez-en un dans la liste des modèles."
            )
        return announced(name, files)

    def listing(self) -> tuple[Listed, ...]:
        """Each name once, as it would be loaded."""
        found: dict[str, Listed] = {}
        for name, manifest, origin in self._everything():
            if name not in found:
                found[name] = _listed(name, manifest, origin)
        return tuple(found[name] for name in sorted(found))

    def _find(self, name: str) -> Files | None:
        if self._folder and (files := find(name, self._folder)):
            return files
        with self._database.reading() as session:
            row = templates.get(session, name)
        return Files(row.docx, row.manifest) if row else find(name, self._shipped)

    def _everything(self) -> Iterator[tuple[str, bytes, str]]:
        yield from _sheets(self._folder, "folder")
        with self._database.reading() as session:
            kept = templates.everything(session)
        yield from ((row.name, row.manifest, "database") for row in kept)
        yield from _sheets(self._shipped, "shipped")


def _sheets(folder: Path | None, origin: str) -> Iterator[tuple[str, bytes, str]]:
    for name in available(folder) if folder else ():
        sheet = folder / f"{name}.toml" if folder else Path()
        yield name, sheet.read_bytes() if sheet.is_file() else b"", origin


def _listed(name: str, manifest: bytes, origin: str) -> Listed:
    try:
        read = read_manifest(name, manifest)
    except Invalid as refused:
        return Listed(name, name, refused.detail, origin)
    return Listed(name, read.title, read.description, origin)
