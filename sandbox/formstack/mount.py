"""The one route, the documents behind it, and the four ways in which it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, request

from sandbox.context import Context, StandIn
from sandbox.printing import pdf_of_lines

DOCUMENT, KEY = "100001", "bacasable1"
MARK = "BAC À SABLE, SANS VALEUR"
TEST_MARK = f"{MARK} : FUSION D'ESSAI"
TEXT = """Convention d'honoraires {$convention.reference}
Dossier {$dossier.numero} : {$dossier.intitule}
Entre {$avocat.nom_complet}, {$cabinet.denomination}, et {$client.nom_complet}, {$client.adresse}.
Mission : {$mission.objet}
{$mission.diligences}
Honoraires : {$honoraires.forfait_ht} HT, soit {$honoraires.forfait_ttc} TTC ({$honoraires.taux_tva}).
{$conclusion.date}
{$signataires}"""
_FIELD = re.compile(r"\{\$([\w.]+)\}")


@dataclass(frozen=True)
class Document:
    key: str
    text: str
    output: str = "pdf"


def create(_context: Context) -> StandIn:
    app = Flask("sandbox.formstack")
    documents: dict[str, Document] = {}
    merges: list[dict[str, Any]] = []

    @app.post("/merge/<document_id>/<key>")
    def merge(document_id: str, key: str) -> Response:
        document = documents.get(document_id)
        if document is None:
            return Response("Document not found", 404, mimetype="text/plain")
        if document.key != key:
            return Response(b"", 401)
        values = request.get_json(silent=True) if request.is_json else request.form.to_dict()
        if not isinstance(values, dict):
            return Response("Bad Request", 400, mimetype="text/plain")
        test = request.args.get("test") == "1"
        merges.append({"document": document_id, "test": test, "values": sorted(values)})
        if request.args.get("download") != "1":
            return Response('{"success":1}', 201, mimetype="application/json")
        return _merged(document, values, test=test)

    @app.put("/_control/documents/<document_id>")
    def put(document_id: str) -> dict[str, Any]:
        documents[document_id] = Document(**request.get_json())
        return {}

    @app.get("/_control/merges")
    def merged() -> list[dict[str, Any]]:
        return merges

    def reset() -> None:
        documents.clear()
        documents[DOCUMENT] = Document(KEY, TEXT)
        merges.clear()

    reset()
    return StandIn(app, reset)


def _merged(document: Document, values: Mapping[str, Any], *, test: bool) -> Response:
    text = _FIELD.sub(lambda field: _shown(_at(values, field[1])), document.text)
    if document.output != "pdf":
        return Response(b"PK\x03\x04" + text.encode(), 201, mimetype="application/octet-stream")
    content = pdf_of_lines(text.splitlines(), TEST_MARK if test else MARK)
    return Response(content, 201, mimetype="application/pdf")


def _at(values: Any, path: str) -> Any:
    """What stands there; nothing where nothing stands, as Formstack prints it."""
    for name in path.split("."):
        values = values.get(name) if isinstance(values, dict) else None
    return values


def _shown(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, list):
        return "\n".join(map(_shown, value))
    return " ".join(map(_shown, value.values())) if isinstance(value, dict) else str(value)
