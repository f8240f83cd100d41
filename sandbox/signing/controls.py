"""What every stand-in of a signature provider is told the same way, under ``_control``.

==========================================  =======================================================
``GET ca.pem``                              the root that verifiers must trust
``POST webhooks``, ``DELETE webhooks``      order a mischief (see ``mischief.py``), or end them all
==========================================  =======================================================
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest

from sandbox.context import Context
from sandbox.signing.mischief import Mischief


def common(
    control: Blueprint, context: Context, lock: AbstractContextManager[object], mischiefs: list[Mischief]
) -> None:
    @control.get("/ca.pem")
    def trusted_root() -> Response:
        return Response(context.authority.root.certificate_pem, mimetype="application/x-pem-file")

    @control.post("/webhooks")
    def order_mischief() -> tuple[dict[str, Any], int]:
        try:
            ordered = Mischief.from_json(posted())
        except (ValueError, KeyError, TypeError) as wrong:
            raise BadRequest(f"not a mischief: {wrong}") from wrong
        with lock:
            mischiefs.append(ordered)
        return {}, 201

    @control.delete("/webhooks")
    def end_mischief() -> dict[str, Any]:
        with lock:
            mischiefs.clear()
        return {}


def posted() -> dict[str, Any]:
    """The JSON object of a ``POST _control/...``."""
    content = request.get_json(silent=True)
    if not isinstance(content, dict):
        raise BadRequest("expected a JSON object")
    return content
