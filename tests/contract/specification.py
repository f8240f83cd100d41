"""A provider's own description of its API, as a judge of what our connector sends.

The descriptions are not ours to give away: they are read from the folder that PARAPHE_SPECS names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema_path.readers import FilePathReader
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest
from werkzeug.datastructures import ImmutableMultiDict

from tests.contract.tee import Sent


class Specification:
    """``server`` is the one that ``paths`` of the description are relative to, without its base path. One
    that tells every property and never forbids another is ``closed``: what it does not tell is a fault."""

    def __init__(self, file: Path, server: str, *, closed: bool = False) -> None:
        self._closed = closed
        self._description: Any = FilePathReader(str(file)).read()[0]  # with libyaml: a second, not twenty
        self._mend(self._description)
        self._openapi = OpenAPI.from_dict(self._description, config=Config(spec_validator_cls=None))
        self._server = server

    def fault(self, sent: Sent) -> str | None:
        """What the description forbids in this request, or None."""
        parts = urlsplit(sent.target)
        request = MockRequest(
            self._server,
            sent.method.lower(),
            parts.path,
            args=ImmutableMultiDict(parse_qsl(parts.query, keep_blank_values=True)),
            headers=sent.headers,
            data=sent.body,
            content_type=sent.headers.get("content-type", ""),
        )
        try:
            self._openapi.validate_request(request)
        except OpenAPIError as error:
            details = getattr(error.__cause__, "schema_errors", ())
            return f"{sent.method} {parts.path}: {error}; {[one.message for one in details]}"
        return None

    def _mend(self, node: Any) -> None:
        """Descriptions are written for readers; read literally, three habits refuse every request."""
        if isinstance(node, list):
            for one in node:
                self._mend(one)
        if not isinstance(node, dict):
            return
        if node.get("additionalProperties") is False and "oneOf" in node and "properties" not in node:
            # forbids the keys of its own alternatives: each of them forbids what it does not know instead
            del node["additionalProperties"]
            for alternative in node["oneOf"]:
                self._resolved(alternative).setdefault("additionalProperties", False)
        if node.get("nullable") and isinstance(node.get("enum"), list) and None not in node["enum"]:
            node["enum"] = [*node["enum"], None]
        if self._closed and node.get("type") == "object" and "properties" in node:
            node.setdefault("additionalProperties", False)
        if "multipart/form-data" in node:
            # the validator reads every part as text: booleans and numbers are JSON
            form = node["multipart/form-data"]
            form["encoding"] = {
                name: {"contentType": "application/json"}
                for name, schema in self._resolved(form["schema"]).get("properties", {}).items()
                if self._resolved(schema).get("type") in ("boolean", "integer", "number")
            }
        for one in list(node.values()):
            self._mend(one)

    def _resolved(self, node: Any) -> Any:
        while "$ref" in node:
            found: Any = self._description
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node
