"""The agreement that every way renders: its context, its templates, and what each PDF must say."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lxml import etree

from documents.merge import merge
from documents.package import DOCUMENT, W, parse, read
from documents.pdf import compact, inspect
from documents.preparation import STYLES, is_rendered, source
from documents.tags import environment
from documents.template import DIRECTORY, load
from tests.documents.agreements import COMPANY, words
from tests.documents.stock import with_stock_styles

TEMPLATE: Final = "forfait"
PAGES: Final = 4
#: a value printed as it is
PLAIN_TAG = re.compile(r"\{\{ ?([a-z_]+(?:\.[a-z_]+)+) ?\}\}")


@dataclass(frozen=True)
class Content:
    """One template in the forms that each way takes. ``merged`` is the Word document of it, filled."""

    name: str
    styles: int
    template: Path
    carbone: Path
    merged: Path


def write(folder: Path) -> tuple[Path, tuple[Content, ...]]:
    """The context as JSON, and the two templates: ours, and ours with the styles of a stock Word file."""
    context = words(COMPANY)
    record = folder / "context.json"
    record.write_text(json.dumps(context), encoding="utf-8")
    lean = read((DIRECTORY / f"{TEMPLATE}.docx").read_bytes())
    stock = {**lean, STYLES: with_stock_styles(lean[STYLES])}
    return record, tuple(
        _content(folder, name, parts, context) for name, parts in (("stock", stock), ("lean", lean))
    )


def _content(folder: Path, name: str, parts: dict[str, bytes], context: dict[str, Any]) -> Content:
    made = Content(
        name,
        parts[STYLES].count(b"<w:style "),
        *(folder / f"{name}{kind}.docx" for kind in ("", "-carbone", "-merged")),
    )
    made.template.write_bytes(_zipped(parts))
    made.carbone.write_bytes(_zipped(_for_carbone(parts, context)))
    merged = read(merge(load(made.template.read_bytes()), context))
    made.merged.write_bytes(_zipped({**merged, STYLES: parts[STYLES]}))
    return made


def _for_carbone(parts: dict[str, bytes], context: dict[str, Any]) -> dict[str, bytes]:
    """The template in Carbone's tags: each plain value is one. Conditions, loops and filters are resolved
    beforehand, which leaves Carbone less to do than the others."""
    made = environment()
    translated = dict(parts)
    for name, root in parse(parts).items():
        if is_rendered(name):
            text = PLAIN_TAG.sub(lambda tag: _carbone_tag(tag, context), source(root))
            translated[name] = made.from_string(text).render(context).encode()
    return translated


def _carbone_tag(tag: re.Match[str], context: dict[str, Any]) -> str:
    return f"{{d.{tag[1]}}}" if tag[1].split(".")[0] in context else tag[0]


def _zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def letters(content: Content) -> Counter[str]:
    """Every letter that the pages must show: the body's once, the running head and foot by page."""
    merged = read(content.merged.read_bytes())
    return Counter(compact(_text(merged[DOCUMENT])))


def _text(part: bytes) -> str:
    return "".join(node.text or "" for node in etree.fromstring(part).iter(f"{W}t"))


def fault(pdf: bytes, wanted: Counter[str]) -> str:
    """Empty when the PDF has its pages and every letter of the agreement."""
    found = inspect(pdf)
    absent = wanted - Counter(compact(found.text))
    if found.pages != PAGES:
        return f"{found.pages} pages"
    return f"{absent.total()} letters missing" if absent else ""
