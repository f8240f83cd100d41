"""Sheets v4 over HTTP, its controls, and what people see."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, abort, render_template_string, request

from sandbox.google.refusals import Refusal, as_rpc, invalid
from sandbox.google.sheets import Sheets
from sandbox.google.specification import check_fields, check_parameters, check_shape, scopes_of, select
from sandbox.google.tokens import Tokens

_PAGE = """<!doctype html>
<html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Feuille de calcul du bac à sable</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; padding: 1rem; color: #1d2433 }
.mark { background: #8a1c1c; color: #fff; padding: .5rem 1rem; font-weight: 700; text-align: center }
div { overflow-x: auto } table { border-collapse: collapse }
td { border: 1px solid #cfd5e1; padding: .25rem .5rem; white-space: pre-line; vertical-align: top }
</style>
<p class="mark">BAC À SABLE, SANS VALEUR</p>
{% for sheet in sheets %}<h1>{{ sheet.title }}</h1>
<div><table>{% for row in sheet.rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></div>{% endfor %}
</html>
"""


def sheets_routes(sheets: Sheets, tokens: Tokens) -> Blueprint:
    routes = Blueprint("sheets", __name__, url_prefix="/v4/spreadsheets")

    def admit(method: str, *, writing: bool = False) -> None:
        tokens.require(request.headers.get("Authorization", ""), scopes_of(method))
        check_parameters(method, request.args)
        sheets.admit(writing=writing)

    @routes.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> tuple[dict[str, Any], int]:
        return as_rpc(refusal), refusal.status

    @routes.get("/<spreadsheet_id>")
    def get(spreadsheet_id: str) -> dict[str, Any]:
        admit("sheets.spreadsheets.get")
        check_fields("sheets", "Spreadsheet", request.args.get("fields"))
        with sheets.lock:
            standing = sheets.spreadsheet(spreadsheet_id)
            described = [
                {
                    "properties": {
                        "sheetId": number,
                        "title": sheet.title,
                        "index": number,
                        "sheetType": "GRID",
                        "gridProperties": dict(zip(("rowCount", "columnCount"), sheet.grid, strict=True)),
                    }
                }
                for number, sheet in enumerate(standing)
            ]
        properties = {"title": "Conventions", "locale": sheets.settings.locale, "timeZone": "Europe/Paris"}
        answer = {"spreadsheetId": spreadsheet_id, "properties": properties, "sheets": described}
        check_shape("sheets", "Spreadsheet", answer)
        return select(request.args.get("fields"), answer, "*")

    @routes.get("/<spreadsheet_id>/values/<path:cells>")
    def values(spreadsheet_id: str, cells: str) -> dict[str, Any]:
        admit("sheets.spreadsheets.values.get")
        if request.args.get("majorDimension", "ROWS") != "ROWS":
            raise invalid("majorDimension", "Not imitated here.")
        shown = request.args.get("valueRenderOption", "FORMATTED_VALUE")
        dates = request.args.get("dateTimeRenderOption", "SERIAL_NUMBER")
        with sheets.lock:
            found = sheets.read(spreadsheet_id, cells, shown, dates)
        answer: dict[str, Any] = {"range": cells, "majorDimension": "ROWS"}
        if found:
            answer["values"] = found
        check_shape("sheets", "ValueRange", answer)
        return answer

    @routes.put("/<spreadsheet_id>/values/<path:cells>")
    def update(spreadsheet_id: str, cells: str) -> dict[str, Any]:
        admit("sheets.spreadsheets.values.update", writing=True)
        body = _body("ValueRange")
        with sheets.lock:
            count = sheets.write(
                spreadsheet_id, cells, body.get("values", []), _input(request.args.get("valueInputOption"))
            )
        return _written(spreadsheet_id, cells, count)

    @routes.post("/<spreadsheet_id>/values:batchUpdate")
    def update_several(spreadsheet_id: str) -> dict[str, Any]:
        """All of it or nothing."""
        admit("sheets.spreadsheets.values.batchUpdate", writing=True)
        body = _body("BatchUpdateValuesRequest")
        option, orders = _input(body.get("valueInputOption")), body.get("data", [])
        with sheets.lock:
            for order in orders:
                sheets.check_range(spreadsheet_id, order["range"])
            made = [
                _written(
                    spreadsheet_id,
                    order["range"],
                    sheets.write(spreadsheet_id, order["range"], order.get("values", []), option),
                )
                for order in orders
            ]
        total = sum(one["updatedCells"] for one in made)
        answer = {"spreadsheetId": spreadsheet_id, "totalUpdatedCells": total, "responses": made}
        check_shape("sheets", "BatchUpdateValuesResponse", answer)
        return answer

    return routes


def sheets_controls(sheets: Sheets) -> Blueprint:
    controls = Blueprint("sheets_controls", __name__)

    @controls.post("/_control/sheets/rows")
    def seed() -> tuple[dict[str, int], int]:
        return {"row": sheets.seed(request.get_json())}, 201

    @controls.get("/_control/sheets/<spreadsheet_id>/<path:title>")
    def cells(spreadsheet_id: str, title: str) -> list[list[Any]]:
        with sheets.lock:
            return next(one.rows for one in sheets.spreadsheets[spreadsheet_id] if one.title == title)

    @controls.patch("/_control/sheets/settings")
    def settings() -> dict[str, Any]:
        sheets.settings = replace(sheets.settings, **request.get_json())
        return asdict(sheets.settings)

    @controls.get("/view/sheets/<spreadsheet_id>")
    def view(spreadsheet_id: str) -> str:
        if spreadsheet_id not in sheets.spreadsheets:
            abort(404)
        with sheets.lock:
            return render_template_string(_PAGE, sheets=sheets.spreadsheets[spreadsheet_id])

    return controls


def _body(schema: str) -> dict[str, Any]:
    body: dict[str, Any] = request.get_json(silent=True) or {}
    check_shape("sheets", schema, body)
    return body


def _input(option: str | None) -> str:
    if option not in ("RAW", "USER_ENTERED"):
        raise invalid("valueInputOption", "'valueInputOption' is required but not specified")
    return option


def _written(spreadsheet_id: str, cells: str, count: int) -> dict[str, Any]:
    answer = {"spreadsheetId": spreadsheet_id, "updatedRange": cells, "updatedCells": count}
    check_shape("sheets", "UpdateValuesResponse", answer)
    return answer
