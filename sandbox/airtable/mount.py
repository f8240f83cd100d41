"""The routes under ``/airtable``: the API, the controls and a view for people."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, Flask, request

from sandbox.airtable import webhook_routes
from sandbox.airtable.bases import Bases, Record, Table
from sandbox.airtable.filters import invalid, parsed, says
from sandbox.airtable.refusals import Refusal, malformed
from sandbox.airtable.view import render_rows
from sandbox.airtable.webhooks import Webhooks
from sandbox.context import Context, StandIn

RECORDS_PER_REQUEST = 10


def create(context: Context) -> StandIn:
    bases, webhooks = Bases(), Webhooks(context.retry_scale)
    app = Flask("sandbox.airtable")
    app.url_map.merge_slashes = False  # table names are percent-encoded, slashes included
    records = _records(bases)
    webhook_routes.telling(records, bases, webhooks)
    app.register_blueprint(records)
    app.register_blueprint(webhook_routes.routes(bases, webhooks))
    app.register_blueprint(_meta(bases))
    _controls(app, bases)
    webhook_routes.controls(app, webhooks)

    @app.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> tuple[dict[str, Any], int]:
        return refusal.body, refusal.status

    @app.errorhandler(404)
    def no_route(_: Exception) -> tuple[dict[str, Any], int]:
        return {"error": "NOT_FOUND"}, 404

    @app.get("/view/<base>/<table>")
    def view(base: str, table: str) -> str:
        with bases.lock:
            return render_rows(bases.table(base, table))

    def reset() -> None:
        bases.reset()
        webhooks.reset()

    return StandIn(app, reset)


def _records(bases: Bases) -> Blueprint:
    routes = Blueprint("records", __name__, url_prefix="/v0")

    @routes.before_request
    def admit() -> None:
        bases.admit(request.headers.get("Authorization", ""), (request.view_args or {}).get("base"))

    @routes.get("/<base>/<table>/<record>")
    def get(base: str, table: str, record: str) -> dict[str, Any]:
        with bases.lock:
            standing, found = bases.record(base, table, record)
            return _answer(standing, found, by_id=request.args.get("returnFieldsByFieldId") in ("1", "true"))

    @routes.route("/<base>/<table>/<record>", methods=["PATCH", "PUT"])
    def update(base: str, table: str, record: str) -> dict[str, Any]:
        body = _body()
        with bases.lock:
            standing, found = bases.record(base, table, record, to_write=True)
            standing.write(
                found, body.get("fields"), typecast=_typecast(body), replace=request.method == "PUT"
            )
            return _answer(standing, found, by_id=bool(body.get("returnFieldsByFieldId")))

    @routes.get("/<base>/<table>")
    def find(base: str, table: str) -> dict[str, Any]:
        return _page(bases, base, table, request.args)

    @routes.post("/<base>/<table>/listRecords")
    def find_by_post(base: str, table: str) -> dict[str, Any]:
        return _page(bases, base, table, _body())

    @routes.patch("/<base>/<table>")
    def update_several(base: str, table: str) -> dict[str, Any]:
        body = _body()
        with bases.lock:
            standing = bases.table(base, table, to_write=True)
            orders = _several(body)
            for order in orders:
                if order.get("id") not in standing.records:
                    raise Refusal(422, "ROW_DOES_NOT_EXIST", "Record ID does not exist in the table")
            for order in orders:
                found = standing.records[order["id"]]
                standing.write(found, order.get("fields"), typecast=_typecast(body), replace=False)
            return {"records": [standing.records[order["id"]].as_json() for order in orders]}

    @routes.post("/<base>/<table>")
    def add(base: str, table: str) -> dict[str, Any]:
        body = _body()
        with bases.lock:
            standing = bases.table(base, table, to_write=True)
            if "records" not in body:
                return bases.create(standing, body.get("fields"), typecast=_typecast(body)).as_json()
            made = [
                bases.create(standing, order.get("fields"), typecast=_typecast(body))
                for order in _several(body)
            ]
            return {"records": [record.as_json() for record in made]}

    return routes


def _meta(bases: Bases) -> Blueprint:
    routes = Blueprint("meta", __name__, url_prefix="/v0/meta")

    @routes.before_request
    def admit() -> None:
        bases.admit(request.headers.get("Authorization", ""))

    @routes.get("/whoami")
    def whoami() -> dict[str, Any]:
        return {"id": "usrBacASable00000"}

    @routes.get("/bases")
    def all_bases() -> dict[str, Any]:
        level = "create" if bases.settings.can_write else "read"
        return {
            "bases": [{"id": base, "name": "Bac à sable", "permissionLevel": level} for base in bases.names()]
        }

    @routes.get("/bases/<base>/tables")
    def tables(base: str) -> dict[str, Any]:
        return {"tables": [_schema(table) for table in bases.tables(base)]}

    return routes


def _controls(app: Flask, bases: Bases) -> None:
    @app.post("/_control/records")
    def seed() -> tuple[dict[str, str], int]:
        return {"id": bases.seed(request.get_json()).id}, 201

    @app.get("/_control/records/<base>/<table>/<record>")
    def cells(base: str, table: str, record: str) -> dict[str, Any]:
        return bases.record(base, table, record)[1].cells

    @app.patch("/_control/settings")
    def settings() -> dict[str, Any]:
        bases.settings = replace(bases.settings, **request.get_json())
        return asdict(bases.settings)


def _answer(table: Table, record: Record, *, by_id: bool) -> dict[str, Any]:
    answer = record.as_json()
    if by_id:
        answer["fields"] = {table.columns[name].id: cell for name, cell in answer["fields"].items()}
    return answer


def _page(bases: Bases, base: str, table: str, options: Any) -> dict[str, Any]:
    try:
        size = min(100, int(options.get("pageSize") or 100))
        most = int(options.get("maxRecords") or 1_000_000)
        start = int(str(options.get("offset") or "itr0").removeprefix("itr"))
    except ValueError:
        raise malformed() from None
    with bases.lock:
        found = _filtered(bases.table(base, table), options.get("filterByFormula"))
        records = [record.as_json() for record in found][:most]
    answer: dict[str, Any] = {"records": records[start : start + size]}
    if start + size < len(records):
        answer["offset"] = f"itr{start + size}"
    return answer


def _filtered(table: Table, formula: Any) -> list[Record]:
    records = list(table.records.values())
    if not formula:
        return records
    column, value, ticked = parsed(str(formula))
    if column not in table.columns:
        raise invalid(f"The formula for filtering records is invalid: Unknown field names: {column.lower()}")
    return [record for record in records if says(record.cells.get(column), value, ticked=ticked)]


def _schema(table: Table) -> dict[str, Any]:
    columns = list(table.columns.values())
    fields = [
        {"id": column.id, "name": column.name, "type": column.type}
        | ({"options": {"choices": [{"name": one} for one in column.options]}} if column.options else {})
        for column in columns
    ]
    first = columns[0].id if columns else ""
    return {"id": table.id, "name": table.name, "primaryFieldId": first, "fields": fields, "views": []}


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise malformed()
    return body


def _several(body: dict[str, Any]) -> list[dict[str, Any]]:
    orders = body.get("records")
    if not isinstance(orders, list) or not 0 < len(orders) <= RECORDS_PER_REQUEST:
        raise malformed()
    return orders


def _typecast(body: dict[str, Any]) -> bool:
    return body.get("typecast") is True
