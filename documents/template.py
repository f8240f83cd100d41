"""Templates: found, checked before use, prepared once.

``check`` says everything that is wrong with a .docx; ``load`` gives one that is right. Called by the
``render`` step, by the routes that list templates and by the doctor.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from lxml import etree
from pydantic import BaseModel, ConfigDict, ValidationError

from documents import blocks
from documents.faults import RefusedError, fault
from documents.package import DOCUMENT, W, content_faults, parse, read
from documents.preparation import DROPPED, STYLES, drop_unused_styles, is_rendered, source
from documents.syntax import Checker
from documents.tags import UnprintableError, environment, placement_faults
from documents.vocabulary import VOCABULARY, sample
from domain.errors import FieldError, Invalid, NotFound

DIRECTORY = Path(__file__).resolve().parent.parent / "templates" / "conventions"
NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,60}$")
MAX_FAULTS = 50


class BlockEntry(BaseModel):
    """One clause announced by a template's .toml; ``statutory``: its wording is the law's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    statutory: bool = False


class Manifest(BaseModel):
    """The .toml beside a template."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    description: str
    version: str
    kind: str
    avertissement: str
    blocks: tuple[BlockEntry, ...]


@dataclass(frozen=True)
class Template:
    """A template that passed its check. ``fields`` are the dotted names it uses, ``mentions`` the ids of
    its clauses in order; ``sources`` are its rendered parts, compiled, and ``parts`` the others."""

    name: str
    sha256: str
    fields: tuple[str, ...]
    mentions: tuple[str, ...]
    parts: tuple[tuple[str, bytes], ...]
    sources: tuple[tuple[str, jinja2.Template], ...]
    manifest: Manifest | None = None


@dataclass(frozen=True)
class Files:
    """A template as it is kept: the Word file and its .toml; ``manifest`` is empty when there is none."""

    docx: bytes
    manifest: bytes


def available(directory: Path = DIRECTORY) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in directory.glob("*.docx") if NAME.match(path.stem)))


def load(name_or_docx: str | bytes, directory: Path = DIRECTORY) -> Template:
    """By name, with its manifest, or from its bytes. Raises NotFound (``template_unknown``) and Invalid
    (``template_refused``, one FieldError per fault)."""
    if isinstance(name_or_docx, bytes):
        return _prepared(name_or_docx)
    files = find(name_or_docx, directory)
    if files is None:
        raise NotFound(
            "template_unknown", "Ce modèle n'existe pas : choisissez-en un dans la liste des modèles."
        )
    return announced(name_or_docx, files)


def find(name: str, directory: Path) -> Files | None:
    """The files of that name in a folder, whatever they are worth."""
    path = directory / f"{name}.docx"
    if not NAME.match(name) or not path.is_file():
        return None
    sheet = path.with_suffix(".toml")
    return Files(path.read_bytes(), sheet.read_bytes() if sheet.is_file() else b"")


def read_manifest(name: str, content: bytes) -> Manifest:
    """Raises Invalid (``template_refused``)."""
    try:
        return Manifest.model_validate(tomllib.loads(content.decode()))
    except (ValueError, ValidationError):
        raise _refused([fault(f"{name}.toml", "manifest_unreadable")]) from None


def announced(name: str, files: Files) -> Template:
    """The template of these files, whose clauses are those that its manifest announces. Raises Invalid."""
    template = _prepared(files.docx)
    manifest = read_manifest(name, files.manifest)
    listed = {block.id for block in manifest.blocks}
    faults = [fault(mention, "block_missing") for mention in sorted(listed - set(template.mentions))]
    faults += [fault(mention, "block_unknown") for mention in sorted(set(template.mentions) - listed)]
    if faults:
        raise _refused(faults)
    return replace(template, name=name, manifest=manifest)


def check(docx: bytes) -> tuple[FieldError, ...]:
    """Everything that is wrong with this template, empty when it may be used. Never raises."""
    try:
        _prepared(docx)
    except Invalid as refused:
        return refused.errors
    return ()


def _refused(faults: list[FieldError]) -> Invalid:
    return Invalid("template_refused", faults[0].detail, tuple(dict.fromkeys(faults))[:MAX_FAULTS])


@lru_cache(maxsize=32)
def _prepared(docx: bytes) -> Template:
    try:
        parts = read(docx)
        roots = parse(parts)
    except RefusedError as refused:
        raise _refused([refused.fault]) from None
    faults = content_faults(parts, roots)
    for name, root in roots.items():
        faults += placement_faults(name, root, rendered=is_rendered(name))
    if faults:
        raise _refused(faults)
    sources = {name: source(root) for name, root in roots.items() if is_rendered(name)}
    checker = Checker()
    for name, text in sources.items():
        checker.check(name, text)
    if checker.faults:
        raise _refused(checker.faults)
    made = environment()
    compiled = tuple((name, made.from_string(text)) for name, text in sources.items())
    _require_structure(compiled)
    kept = {
        name: content for name, content in parts.items() if name not in sources and not DROPPED.match(name)
    }
    styles = drop_unused_styles(roots)
    if styles is not None:
        kept[STYLES] = styles
    return Template(
        name="",
        sha256=hashlib.sha256(docx).hexdigest(),
        fields=tuple(sorted(checker.fields)),
        mentions=blocks.mentions(roots[DOCUMENT]),
        parts=tuple(kept.items()),
        sources=compiled,
    )


def _require_structure(sources: tuple[tuple[str, jinja2.Template], ...]) -> None:
    """Every branch, taken and not, must leave a well-formed document with text in it."""
    for flag, choice, items in ((True, 0, 2), (True, 1, 1), (False, 2, 0), (False, 3, 1)):
        context = sample(VOCABULARY, flag=flag, choice=choice, items=items)
        for name, template in sources:
            try:
                root: Any = etree.fromstring(template.render(context).encode())
            except (etree.XMLSyntaxError, UnprintableError, jinja2.UndefinedError):
                raise _refused([fault(name, "template_structure")]) from None
            if (
                name == DOCUMENT
                and root.find(f"{W}body/{W}p") is None
                and root.find(f"{W}body/{W}sdt") is None
            ):
                raise _refused([fault(name, "template_structure")])
