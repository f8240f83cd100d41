"""Airtable records: read one, write the outcome back to it.

Uses pyairtable with its timeout set and its retries off: its own last some 3 s while Airtable's penalty
lasts 30 s, so the step is queued again instead. Attachments are never sent: the hub would need a public
link or the upload host. Source: airtable.com/developers/web/api (``errors``, ``rate-limits``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import requests
from pyairtable import Api, formulas
from pyairtable.api.types import WritableFields
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from connectors import Finding, Services
from connectors.sources import Candidate, Outcome, Row
from connectors.sources.airtable_cells import plain_fields
from connectors.sources.columns import WrittenColumns, is_same
from domain.errors import NotFound, ParapheError, Permanent, Retryable

TIMEOUT_SECONDS = (3, 15)  # connect, read
PENALTY_SECONDS = 31  # every call fails for 30 s after a burst, and Airtable sends no Retry-After
RIGHTS = "data.records:read et data.records:write, sur la seule base des dossiers"


class AirtableConfig(WrittenColumns):
    token: SecretStr
    endpoint: str = "https://api.airtable.com"


def _not_dots(name: str) -> str:
    """``.`` and ``..`` are path segments that an HTTP client resolves: another URL would be called."""
    if name in {".", ".."}:
        raise ValueError("not a table")
    return name


class AirtablePlace(BaseModel):
    """``table`` is an id (``tbl...``, survives renames) or a name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str = Field(pattern=r"^app[0-9A-Za-z]{14}$")
    table: Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_not_dots)]


class AirtableRef(AirtablePlace):
    record: str = Field(pattern=r"^rec[0-9A-Za-z]{14}$")


class Airtable:
    Config = AirtableConfig
    immediate = False
    Ref: type[BaseModel] = AirtableRef
    Place: type[BaseModel] | None = AirtablePlace

    def __init__(self, config: AirtableConfig, _services: Services) -> None:
        self._config = config
        self._columns = config.written

    def key(self, ref: AirtableRef) -> str:
        return f"airtable:{ref.base}/{ref.table}/{ref.record}"

    def lasting(self, ref: AirtableRef) -> AirtableRef:
        return ref

    def read(self, ref: AirtableRef) -> Row:
        with self._api() as api:
            fields = api.table(ref.base, ref.table).get(ref.record)["fields"]
        return Row(fields=plain_fields(self._config.without_written(fields)))

    def ref(self, place: AirtablePlace, record: str) -> AirtableRef:
        return AirtableRef(base=place.base, table=place.table, record=record)

    def candidates(self, place: AirtablePlace, column: str, value: str) -> Iterator[Candidate]:
        """The formula compares text: a list's option, a text, a lookup of one value."""
        with self._api() as api:
            wanted = formulas.EQ(formulas.Field(column), value)
            for page in api.table(place.base, place.table).iterate(formula=str(wanted), page_size=100):
                for record in page:
                    fields = plain_fields(self._config.without_written(record["fields"]))
                    yield Candidate(record["id"], Row(fields=fields))

    def link_formula(self, url: str) -> str:
        return f'"{url}?record=" & RECORD_ID()'

    def write_back(self, ref: AirtableRef, outcome: Outcome) -> None:
        wanted = self._config.cells(outcome)
        if not wanted:
            return
        with self._api() as api:
            table = api.table(ref.base, ref.table)
            standing = table.get(ref.record)["fields"]
            news: WritableFields = {
                column: value or None  # null empties a column of any type, "" only one of text
                for column, value in wanted.items()
                if not is_same(standing.get(column), value)
            }
            if news:
                table.update(ref.record, news, typecast=False)  # typecast would add select options

    def check(self) -> tuple[Finding, ...]:
        try:
            with self._api() as api:
                api.whoami()
        except (Permanent, NotFound, Retryable) as wrong:
            return (Finding(ok=False, text=wrong.detail),)
        return (Finding(ok=True, text=f"Airtable accepte le jeton (droits nécessaires : {RIGHTS})."),)

    @contextmanager
    def _api(self) -> Iterator[Api]:
        """A client for one call of ours (requests sessions are not for several threads), whose every
        failure leaves as an error of the domain."""
        api = Api(
            self._config.token.get_secret_value(),
            timeout=TIMEOUT_SECONDS,
            retry_strategy=None,
            endpoint_url=self._config.endpoint.rstrip("/"),
        )
        try:
            yield api
        except requests.HTTPError as failure:
            # "from None": what Airtable says may repeat a value, and a traceback would print it
            raise self._refusal(api, failure) from None
        except (ValidationError, TypeError):  # pyairtable raises either, by how wrong the shape is
            raise Permanent(
                "airtable_unexpected_answer",
                "La réponse d'Airtable n'a pas la forme attendue : vérifiez PARAPHE_AIRTABLE_ENDPOINT.",
            ) from None
        except requests.RequestException:
            raise _unreachable() from None
        finally:
            api.session.close()

    def _refusal(self, api: Api, failure: requests.HTTPError) -> ParapheError:
        """Turn an error answer into an error of the domain (Airtable's page "Errors")."""
        answer = failure.response
        if answer is None:
            return _unreachable()
        status, (kind, message) = answer.status_code, _error_of(answer)
        if status in (408, 425, 429) or status >= 500:
            return _busy() if status == 429 else _unreachable(_seconds(answer.headers.get("Retry-After")))
        if status == 401:
            return _unauthorised()
        if status in (403, 404):
            return self._access_refusal(api, kind)
        if status == 422:
            return self._unwritable(kind, message)
        return Permanent(
            "airtable_refused",
            f"Airtable a refusé la demande (statut {status}) : vérifiez la base et la table.",
        )

    def _access_refusal(self, api: Api, kind: str) -> ParapheError:
        """A missing record and a revoked token give the same 403: only whoami tells them apart."""
        if kind == "INVALID_PERMISSIONS":
            return Permanent(
                "airtable_forbidden",
                f"Le jeton Airtable n'a pas le droit d'écrire ici : donnez-lui {RIGHTS}.",
            )
        try:
            api.whoami()
        except requests.HTTPError as refusal:
            refused = refusal.response is not None and refusal.response.status_code in (401, 403)
            return _unauthorised() if refused else _unreachable()
        except (requests.RequestException, ValidationError, TypeError):
            return _unreachable()
        return NotFound(
            "airtable_record_not_found",
            "Airtable ne montre pas cet enregistrement : vérifiez qu'il existe encore, sa base et sa table, "
            f"et que le jeton y donne accès ({RIGHTS}).",
        )

    def _unwritable(self, kind: str, message: str) -> Permanent:
        """Name the setting of the column that Airtable will not take, never the value."""
        for field, column in self._columns.items():
            if f'"{column}"' in message:
                setting = f"PARAPHE_AIRTABLE_COLUMN_{field.upper()}"
                if kind == "UNKNOWN_FIELD_NAME":
                    return Permanent(
                        "airtable_unknown_column",
                        f"La table n'a pas de colonne « {column} » : créez-la ou corrigez {setting}.",
                    )
                return Permanent(
                    "airtable_wrong_column_type",
                    f"La colonne « {column} » n'accepte pas cette valeur : changez son type ou {setting}.",
                )
        if kind == "INVALID_MULTIPLE_CHOICE_OPTIONS":
            return Permanent(
                "airtable_missing_option",
                f"Une option manque dans la liste de la colonne « {self._columns['state']} » : ajoutez-y "
                "tous les états, ou faites-en une colonne de texte.",
            )
        return Permanent(
            "airtable_unwritable",
            "Airtable refuse ce que le hub écrit : vérifiez les réglages PARAPHE_AIRTABLE_COLUMN_*.",
        )


def _error_of(answer: requests.Response) -> tuple[str, str]:
    """(type, message) of either envelope: ``{"error": {...}}`` or the bare ``{"error": "NOT_FOUND"}``."""
    try:
        body: Any = answer.json()
    except ValueError:
        return "", ""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        return str(error.get("type", "")), str(error.get("message", ""))
    return str(error or ""), ""


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isascii() and header.isdigit() else None


def _unauthorised() -> Permanent:
    return Permanent(
        "airtable_unauthorised",
        f"Airtable refuse le jeton : créez-en un ({RIGHTS}) et mettez-le dans PARAPHE_AIRTABLE_TOKEN.",
    )


def _busy() -> Retryable:
    return Retryable(
        "airtable_busy",
        "Airtable limite le nombre d'appels (cadence ou quota mensuel) : nouvel essai automatique ; si cela "
        "dure, consultez l'usage de l'API dans Airtable.",
        after=PENALTY_SECONDS,
    )


def _unreachable(after: float | None = None) -> Retryable:
    return Retryable(
        "airtable_unreachable", "Airtable ne répond pas comme il faut : nouvel essai automatique.", after
    )
