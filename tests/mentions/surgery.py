"""A template without one of its clauses, as a firm could leave it after an edit in Word."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from lxml import etree

from documents.package import DOCUMENT, W
from documents.template import DIRECTORY, Template, load


def without(name: str, mention: str, folder: Path) -> Template:
    """The template ``name``, its content controls that carry ``mention`` taken out, and their ids out of its
    .toml; written in ``folder`` and loaded from there."""
    gone: set[str] = set()
    target = folder / f"{name}.docx"
    with zipfile.ZipFile(DIRECTORY / f"{name}.docx") as whole, zipfile.ZipFile(target, "w") as cut:
        for part in whole.infolist():
            content = whole.read(part)
            cut.writestr(part, _cut(content, mention, gone) if part.filename == DOCUMENT else content)
    assert mention in gone
    entries = (DIRECTORY / f"{name}.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [
        line for line in entries if not (found := re.search(r'id = "(\w+)"', line)) or found[1] not in gone
    ]
    target.with_suffix(".toml").write_text("".join(kept), encoding="utf-8")
    return load(name, folder)


def _cut(document: bytes, mention: str, gone: set[str]) -> bytes:
    root = etree.fromstring(document)
    for control in list(root.iter(f"{W}sdt")):
        if mention in _ids(control):
            gone.update(_ids(control))
            control.getparent().remove(control)
    for control in root.iter(f"{W}sdt"):
        gone.difference_update(_ids(control))  # another clause says it too
    made: bytes = etree.tostring(root)
    return made


def _ids(control: etree._Element) -> list[str]:
    tag = control.find(f"{W}sdtPr/{W}tag")
    written = tag.get(f"{W}val") if tag is not None else ""
    return [one.removeprefix("m:") for one in (written or "").split(";")]
