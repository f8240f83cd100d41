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
#: a tag holds no brace: each pattern reads the text once, however it was made
TAG = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#[^{}]*#\}")
STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
STATEMENT = re.compile(r"^\{%(p|tr)?\s*(if|elif|else|endif|for|endfor)\b[^{}%]{0,300}%\}$")
EXPRESSION = re.compile(r"^\{\{(?!-|\+|(?:p|r|tr|tc)\s)[^{}%]{1,300}\}\}$")
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


def _texts(root: Any, holder: str) -> dict[Any, str]:
    """The text of every element of that kind, without what belongs to one inside it (a text box anchored in
    a paragraph, a table in a cell)."""
    pieces: dict[Any, list[str]] = {}
    for node in root.iter(f"{W}t"):
        owner = next(node.iterancestors(holder), None)
        if owner is not None:
            pieces.setdefault(owner, []).append(node.text or "")
    return {owner: "".join(texts) for owner, texts in pieces.items()}


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
    rows = _texts(root, f"{W}tr")
    for paragraph, text in _texts(root, f"{W}p").items():
        if "{" in text or "}" in text:
            tags = TAG.findall(text)
            count += len(tags)
            if count > MAX_TAGS:
                return [*faults, fault(part, "template_too_large")]
            row = rows.get(next(paragraph.iterancestors(f"{W}tr"), None), "")
            faults += _paragraph_faults(part, text, tags, row)
        if LEFTOVER.search(TAG.sub("", text)):
            faults.append(fault(part, "leftover_placeholder"))
    return faults


def _paragraph_faults(part: str, text: str, tags: list[str], row: str) -> Iterator[FieldError]:
    """``row`` is the text of the table row that the paragraph is in."""
    rest = TAG.sub("", text)
    if "{" in rest or "}" in rest:  # alone, it could join another one over what stands between them
        yield fault(part, "tag_unclosed")
    for tag in tags:
        statement = STATEMENT.match(tag)
        if not (statement or EXPRESSION.match(tag) or tag.startswith("{#")):
            yield fault(part, "tag_unsupported")
        elif statement and statement[1]:
            # docxtpl removes the whole paragraph, or the whole row, that holds such a tag
            holder = text if statement[1] == "p" else row
            if holder.strip() != tag:
                yield fault(part, "tag_not_alone")
