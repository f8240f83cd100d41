"""Filters of one condition (page "Filter data source entries"); a condition not known here is refused."""

from __future__ import annotations

from typing import Any

from sandbox.notion.refusals import invalid
from sandbox.notion.values import read
from sandbox.notion.workspace import DataSource, Page

EQUALS = (
    "title", "rich_text", "url", "email", "phone_number", "select", "status", "number", "checkbox", "date",
)  # fmt: skip


def says(source: DataSource, page: Page, wanted: Any) -> bool:
    if not isinstance(wanted, dict) or len(wanted) != 2 or "property" not in wanted:
        raise invalid("body.filter failed validation")
    kind = next(key for key in wanted if key != "property")
    if wanted["property"] not in source.columns:
        raise invalid(f"Could not find property with name or id: {wanted['property']}")
    column = source.columns[wanted["property"]]
    if column.type != kind:
        raise invalid(f"database property {column.type} does not match filter {kind}")
    condition, value = wanted[kind], page.value(column)
    if kind == "multi_select" and set(condition) == {"contains"}:
        return condition["contains"] in (read(column, value) or [])
    if kind == "formula" and set(condition) == {"string"}:
        return bool(value) and value.get("string") == condition["string"].get("equals")
    if kind not in EQUALS or set(condition) != {"equals"}:
        raise invalid("body.filter failed validation")
    if column.options and condition["equals"] not in column.options:
        raise invalid(f'{kind} option "{condition["equals"]}" not found for property "{column.name}"')
    seen = bool(value) if kind == "checkbox" else read(column, value)
    wished = condition["equals"]
    if isinstance(seen, str) and isinstance(wished, str):  # more than asked for, as case may not count
        return seen.casefold() == wished.casefold()
    return bool(seen == wished)
