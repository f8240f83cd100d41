"""The little language a template may use, and the checks that hold it to that.

``{{ name }}`` with a few filters, and ``{%p if %}`` / ``{%p for %}`` alone in their paragraph (``{%tr``
in a table row, bare ``{% %}`` inside a sentence). Nothing else: no call, no assignment, no inclusion, no
name outside the vocabulary. Here is how a tag is written and placed; ``syntax.py`` checks what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from documents.faults import fault
from documents.package import W
from domain.errors import FieldError

#: what a template may do to a value
FILTERS = ("upper", "lower", "capitalize", "join", "length")
MAX_TAGS = 3000
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
STATEMENT = re.compile(r"^\{%(p|tr)?\s*(if|elif|else|endif|for|endfor)\b[^%]*%\}$", re.DOTALL)
EXPRESSION = re.compile(r"^\{\{(?!-|\+|(?:p|r|tr|tc)\s)[^{}%]*\}\}$", re.DOTALL)
#: what a person leaves in a draft
LEFTOVER = re.compile(r"\[\s*[●•.…_]+\s*\]|\bXXX+\b|à compléter", re.IGNORECASE)
LINE_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
TABULATION = '</w:t><w:tab/><w:t xml:space="preserve">'


class UnprintableError(Exception):
    """A value that must never be printed (None, a boolean, a list) was about to be."""


def printed(value: object) -> Markup | Undefined:
    """How a value goes into the document: escaped, line breaks and tabs as Word has them."""
    if isinstance(value, Undefined):
        return value
    if not isinstance(value, str) and type(value) is not int:
        raise UnprintableError
    text = str(escape(value)).replace("\n", LINE_BREAK).replace("\t", TABULATION)
    return Markup(text)  # noqa: S704  (escaped the line before)


def environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=True, finalize=printed, cache_size=0
    )
    made.globals.clear()
    made.tests.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made


def paragraph_text(paragraph: Any) -> str:
    """The text of the paragraph itself, without that of the text boxes anchored in it."""
    return "".join(node.text or "" for node in paragraph.iter(f"{W}t") if _owner(node) is paragraph)


def _owner(node: Any) -> Any:
    return next(node.iterancestors(f"{W}p"), None)


def placement_faults(part: str, root: Any, *, rendered: bool) -> list[FieldError]:
    """Tags that are cut, stray, unsupported, or where the merge would not see them."""
    faults = []
    for node in root.iter():
        texts = list(node.attrib.values())
        if not (rendered and node.tag == f"{W}t"):
            texts.append(node.text or "")
        if any(STRAY.search(text) for text in texts):
            faults.append(fault(part, "tag_misplaced"))
            break
    if not rendered:
        return faults
    count = 0
    for paragraph in root.iter(f"{W}p"):
        text = paragraph_text(paragraph)
        if "{" in text or "}" in text:
            tags = TAG.findall(text)
            count += len(tags)
            faults += _paragraph_faults(part, paragraph, text, tags)
        if LEFTOVER.search(TAG.sub("", text)):
            faults.append(fault(part, "leftover_placeholder"))
    if count > MAX_TAGS:
        faults.append(fault(part, "template_too_large"))
    return faults


def _paragraph_faults(part: str, paragraph: Any, text: str, tags: list[str]) -> Iterator[FieldError]:
    rest = TAG.sub("", text)
    if STRAY.search(rest):
        yield fault(part, "tag_unclosed")
    for tag in tags:
        statement = STATEMENT.match(tag)
        if not (statement or EXPRESSION.match(tag) or tag.startswith("{#")):
            yield fault(part, "tag_unsupported")
        elif statement and statement[1] and not _alone(paragraph, statement[1], rest, tags):
            yield fault(part, "tag_not_alone")


def _alone(paragraph: Any, kind: str, rest: str, tags: list[str]) -> bool:
    if kind == "p":
        return not rest.strip() and len(tags) == 1
    row = next(paragraph.iterancestors(f"{W}tr"), None)
    if row is None:
        return False
    row_text = "".join(node.text or "" for node in row.iter(f"{W}t"))
    return not TAG.sub("", row_text).strip() and len(TAG.findall(row_text)) == 1
