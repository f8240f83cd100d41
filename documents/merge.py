"""A template and a context in, a Word document out.

Values are data: escaped, never read as template code, refused when they hold what cannot be printed as
it is (control characters, lone surrogates, invisible changes of direction). Every tag must have a value.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from jinja2 import UndefinedError
from lxml import etree

from documents.faults import fault
from documents.tags import UnprintableError
from documents.template import Template
from domain.errors import FieldError, Invalid

MAX_VALUE_CHARACTERS = 50_000
MAX_ITEMS = 200
MAX_DEPTH = 6
MAX_PART_BYTES = 20 * 1024 * 1024
LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
#: what XML cannot hold, what no keyboard types, and what turns the reading order around unseen
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
STORED_DATE = (1980, 1, 1, 0, 0, 0)


def merge(template: Template, context: Mapping[str, Any]) -> bytes:
    """The merged .docx. Raises Invalid: ``variable_missing`` or ``value_refused``, with the dotted name of
    each variable at fault, or ``document_too_large``."""
    values = _cleaned(context)
    rendered = [(name, _rendered(template, part, values, name)) for name, part in template.sources]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (*template.parts, *rendered):
            archive.writestr(zipfile.ZipInfo(name, STORED_DATE), content)
    return made.getvalue()


def _rendered(template: Template, part: Any, values: dict[str, Any], name: str) -> bytes:
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in part.generate(values):
            pieces.append(piece.encode())
            size += len(pieces[-1])
            if size > MAX_PART_BYTES:
                raise Invalid(
                    "document_too_large", "Le document rempli est démesuré : raccourcissez les textes."
                )
    except (UndefinedError, UnprintableError):
        raise _missing(template, values) from None
    content = b"".join(pieces)
    try:
        etree.fromstring(content)
    except etree.XMLSyntaxError:
        raise Invalid("template_refused", fault(name, "template_structure").detail) from None
    return content


def _missing(template: Template, values: dict[str, Any]) -> Invalid:
    absent = [field for field in template.fields if _absent(values, field.replace("[]", ".[]").split("."))]
    errors = tuple(
        FieldError(
            field, "variable_missing", f"La variable « {field} » n'a pas de valeur : complétez la fiche."
        )
        for field in absent
    )
    named = ", ".join(absent) or "du modèle"
    return Invalid(
        "variable_missing", f"Des variables n'ont pas de valeur ({named}) : complétez la fiche.", errors
    )


def _absent(value: Any, names: list[str]) -> bool:
    if not names:
        return value is None
    if names[0] == "[]":
        return not isinstance(value, list) or any(_absent(item, names[1:]) for item in value)
    return not isinstance(value, dict) or names[0] not in value or _absent(value[names[0]], names[1:])


def _cleaned(context: Mapping[str, Any]) -> dict[str, Any]:
    errors: list[FieldError] = []
    values = {str(name): _clean(value, str(name), errors, 1) for name, value in context.items()}
    if errors:
        raise Invalid("value_refused", errors[0].detail, tuple(errors))
    return values


def _clean(value: Any, path: str, errors: list[FieldError], depth: int) -> Any:
    """A copy made of plain types only: nothing in it can pretend to be markup or run code."""
    if value is None or type(value) in (bool, int):
        return value
    if isinstance(value, str):
        return _clean_text(value, path, errors)
    if depth < MAX_DEPTH and isinstance(value, Mapping) and len(value) <= MAX_ITEMS:
        return {str(name): _clean(part, f"{path}.{name}", errors, depth + 1) for name, part in value.items()}
    if depth < MAX_DEPTH and isinstance(value, list | tuple) and len(value) <= MAX_ITEMS:
        return [_clean(item, f"{path}[{rank}]", errors, depth + 1) for rank, item in enumerate(value)]
    errors.append(FieldError(path, "value_refused", f"La valeur de « {path} » n'est pas d'un type permis."))
    return None


def _clean_text(value: str, path: str, errors: list[FieldError]) -> str:
    text = LINE_ENDS.sub("\n", str.__str__(value))
    if len(text) > MAX_VALUE_CHARACTERS:
        errors.append(FieldError(path, "value_too_long", f"La valeur de « {path} » est trop longue."))
    elif FORBIDDEN.search(text):
        errors.append(
            FieldError(
                path,
                "value_illegal_character",
                f"La valeur de « {path} » contient un caractère invisible interdit : saisissez-la à nouveau.",
            )
        )
    return text
