"""Airtable records: read one with what it is linked to, write the outcome back to it.

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
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
)

from connectors import Finding, Services
from connectors.pacing import wait_for_turn
from connectors.sources import Candidate, Outcome, Row, airtable_doctor, links
from connectors.sources.airtable_cells import linked_records, listed_fields, plain_fields
from connectors.sources.airtable_config import BASE, AirtableConfig, not_dots
from connectors.sources.airtable_refusals import (
    LINKS,
    RIGHTS,
    busy,
    error_of,
    linked_not_found,
    seconds,
    unauthorised,
    unreachable,
)
from connectors.sources.airtable_webhooks import AirtableWebhooks, CallsByApi
from connectors.sources.columns import is_same, is_ticked
from connectors.sources.links import Link
from domain.errors import NotFound, ParapheError, Permanent, Retryable

TIMEOUT_SECONDS = (3, 15)  # connect, read


class AirtablePlace(BaseModel):
    """``table`` is an id (``tbl...``, survives renames) or a name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str = Field(pattern=BASE)
    table: Annotated[str, Field(min_length=1, max_length=255), AfterValidator(not_dots)]


class AirtableRef(AirtablePlace):
    record: str = Field(pattern=r"^rec[0-9A-Za-z]{14}$")


class Airtable(CallsByApi):
    Config = AirtableConfig
    immediate = False
    Ref: type[BaseModel] = AirtableRef
    Place: type[BaseModel] | None = AirtablePlace

    def __init__(self, config: AirtableConfig, services: Services) -> None:
        self._config, self._services = config, services
        self._columns = config.written
        self._links = links.parsed(config.links, with_table=True)
        self._webhooks = AirtableWebhooks(self._api, self._turn, services.now)

    def key(self, ref: AirtableRef) -> str:
        """Without the table, which callers name by its id or by its name: ids of records are drawn at random
        among 62**14."""
        return f"airtable:{ref.base}/{ref.record}"

    def lasting(self, ref: AirtableRef) -> AirtableRef:
        return ref

    def read(self, ref: AirtableRef) -> Row:
        with self._api() as api:
            cells = self._get(api, ref)
            fields = self._plain(cells)
            linked = [
                named
                for column, link in self._links.items()
                if column in cells
                for named in self._linked(api, ref, column, link, cells[column])
            ]
        return Row(fields=links.completed("airtable", LINKS, fields, linked))

    def ref(self, place: AirtablePlace, record: str) -> AirtableRef:
        return AirtableRef(base=place.base, table=place.table, record=record)

    def candidates(self, place: AirtablePlace, column: str, value: str) -> Iterator[Candidate]:
        """The formula compares text: a list's option, a text, a lookup of one value; or a box that is
        ticked, which is no text."""
        with self._api() as api:
            field = formulas.Field(column)
            wanted: formulas.Formula = formulas.EQ(field, value)
            if is_ticked(value):
                wanted = formulas.OR(wanted, formulas.EQ(field, formulas.TRUE()))
            self._turn(place.base)
            for page in api.table(place.base, place.table).iterate(formula=str(wanted), page_size=100):
                for record in page:
                    own = self._config.without_written(record["fields"])
                    yield Candidate(record["id"], Row(fields=listed_fields(own)))
                self._turn(place.base)

    def link_formula(self, url: str) -> str:
        return f'"{url}?record=" & RECORD_ID()'

    def write_back(self, ref: AirtableRef, outcome: Outcome) -> None:
        wanted = self._config.cells(outcome)
        if not wanted:
            return
        with self._api() as api:
            standing = self._get(api, ref)
            news: WritableFields = {
                column: value or None  # null empties a column of any type, "" only one of text
                for column, value in wanted.items()
                if not is_same(standing.get(column), value)
            }
            if news:
                self._turn(ref.base)  # typecast would add select options
                api.table(ref.base, ref.table).update(ref.record, news, typecast=False)

    def check(self) -> tuple[Finding, ...]:
        base, table = self._config.base, self._config.table
        try:
            with self._api() as api:
                api.whoami()
                if not (base and table):
                    return (Finding(ok=True, text=airtable_doctor.NO_PLACE),)
                return (airtable_doctor.proved(api, self._turn, base, table, self._columns["state"]),)
        except (Permanent, NotFound, Retryable) as wrong:
            return (Finding(ok=False, text=wrong.detail),)

    def _get(self, api: Api, ref: AirtableRef) -> dict[str, Any]:
        self._turn(ref.base)
        return api.table(ref.base, ref.table).get(ref.record)["fields"]

    def _plain(self, cells: dict[str, Any]) -> dict[str, Any]:
        return plain_fields(self._config.without_written(cells))

    def _turn(self, base: str) -> None:
        wait_for_turn(self._services, f"airtable:{base}", self._config.calls_per_second, busy())

    def _linked(
        self, api: Api, ref: AirtableRef, column: str, link: Link, cell: Any
    ) -> Iterator[dict[str, Any]]:
        records = linked_records(cell)
        if records is None:
            raise Permanent(
                "airtable_no_link",
                f"La colonne « {column} » n'est pas liée à une autre table : corrigez {LINKS}.",
            )
        if len(records) > links.most(link):
            raise links.too_many("airtable", LINKS, column, link)
        for rank, record in enumerate(records):
            try:
                cells = self._get(api, AirtableRef(base=ref.base, table=link.table, record=record))
            except requests.HTTPError as failure:
                found = self._refusal(api, failure)
                raise (linked_not_found(column) if isinstance(found, NotFound) else found) from None
            yield link.named(rank, self._plain(cells))

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
            raise unreachable() from None
        finally:
            api.session.close()

    def _refusal(self, api: Api, failure: requests.HTTPError) -> ParapheError:
        """Turn an error answer into an error of the domain (Airtable's page "Errors")."""
        answer = failure.response
        if answer is None:
            return unreachable()
        status, (kind, message) = answer.status_code, error_of(answer)
        if status in (408, 425, 429) or status >= 500:
            return busy() if status == 429 else unreachable(seconds(answer.headers.get("Retry-After")))
        if status == 401:
            return unauthorised()
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
            return unauthorised() if refused else unreachable()
        except (requests.RequestException, ValidationError, TypeError):
            return unreachable()
        return NotFound(
            "airtable_record_not_found",
            "Airtable ne montre pas cet enregistrement : vérifiez qu'il existe encore, sa base et sa table, "
            f"et que le jeton y donne accès ({RIGHTS}).",
        )

    def _unwritable(self, kind: str, message: str) -> Permanent:
        """Name the setting of the column that Airtable will not take, never the value."""
        if kind == "INVALID_FILTER_BY_FORMULA":
            return Permanent(
                "airtable_unlistable_column",
                "La table n'a pas la colonne que le hub guette : créez-la, ou corrigez son nom.",
            )
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
