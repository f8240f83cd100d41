"""Calls to Notion through its SDK, paced for all workers; every failure is an error of the domain.

The SDK's own retries are off and its log is silent: it would print what Notion says, which may repeat a
value. Source: developers.notion.com, "Request limits", "Status codes", "Query large data sources";
notion-client 3.1.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from typing import Annotated, Any, Literal, TypeVar

from notion_client import Client
from notion_client.errors import HTTPResponseError, NotionClientErrorBase, RequestTimeoutError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from connectors import Services
from connectors.http import Limits, retry_after
from connectors.http_transport import (
    AnswerLostError,
    NotSentError,
    UnsendableError,
    sdk_call,
    sdk_client,
)
from connectors.pacing import wait_for_turn
from domain.errors import NotFound, ParapheError, Permanent, Retryable

VERSION = "2026-03-11"
PER_SECOND = 2.8  # an integration may make 3 on average
PAGE_SIZE = 100
LIMITS = Limits(read_seconds=15, total_seconds=40)
RIGHTS = "« lire le contenu » et « mettre à jour le contenu », connectée à la seule base des dossiers"

T = TypeVar("T")
_silent = logging.getLogger("notion_client.silent")
_silent.propagate = False
_silent.addHandler(logging.NullHandler())


_ID = re.compile(r"([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})")


def identifier(text: str) -> str:
    """Notion's ids are UUIDs, with or without dashes: one spelling for all. Raises ValueError."""
    found = _ID.fullmatch(text.lower())
    if found is None:
        raise ValueError("pas un identifiant Notion (32 chiffres hexadécimaux)")
    return "-".join(found.groups())


NotionId = Annotated[str, Field(max_length=36), AfterValidator(identifier)]


class Page(BaseModel):
    """``properties``: name -> ``{"id", "type", <type>: ...}``."""

    model_config = ConfigDict(extra="ignore")

    object: Literal["page"]
    id: NotionId
    parent: dict[str, Any]
    in_trash: bool = False
    properties: dict[str, dict[str, Any]]


class DataSource(BaseModel):
    """``properties``: name -> ``{"id", "type", ...}``, its schema."""

    id: str
    properties: dict[str, dict[str, Any]]


class _Related(BaseModel):
    id: NotionId


class _Status(BaseModel):
    type: str = ""


class _Listed(BaseModel):
    results: list[dict[str, Any]]
    has_more: bool = False
    next_cursor: str | None = None
    request_status: _Status | None = None


class NotionApi:
    """Ids are already checked. Raises Retryable (busy, away), NotFound, Permanent."""

    def __init__(self, url: str, token: str, services: Services) -> None:
        self._url, self._token, self._services = url.rstrip("/"), token, services

    def page(self, page_id: str) -> Page:
        return self._ask(Page, lambda: self._client.pages.retrieve(page_id))

    def update(self, page_id: str, properties: dict[str, Any]) -> None:
        self._ask(Page, lambda: self._client.pages.update(page_id, properties=properties))

    def items(self, page_id: str, property_id: str) -> Iterator[dict[str, Any]]:
        """Every item of a property that the page holds only the beginning of."""
        yield from self._pages(
            lambda cursor: self._client.pages.properties.retrieve(
                page_id, property_id, start_cursor=cursor, page_size=PAGE_SIZE
            )
        )

    def data_source(self, data_source_id: str) -> DataSource:
        return self._ask(DataSource, lambda: self._client.data_sources.retrieve(data_source_id))

    def query(self, data_source_id: str, wanted: dict[str, Any]) -> Iterator[Page]:
        found = self._pages(
            lambda cursor: self._client.data_sources.query(
                data_source_id, filter=wanted, start_cursor=cursor, page_size=PAGE_SIZE
            )
        )
        for one in found:
            if one.get("object") == "page":  # a wiki's data source holds others
                yield _shaped(Page, one)

    def first(self, data_source_id: str) -> Page | None:
        """Any page of it; None when it is empty."""
        ask = partial(self._client.data_sources.query, data_source_id, page_size=1)
        pages = [one for one in self._ask(_Listed, ask).results if one.get("object") == "page"]
        return _shaped(Page, pages[0]) if pages else None

    def me(self) -> None:
        self._ask(dict[str, Any], self._client.users.me)

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.close()

    @cached_property
    def _client(self) -> Client:
        return Client(
            client=sdk_client(LIMITS),
            auth=self._token,
            base_url=self._url,
            timeout_ms=int(LIMITS.read_seconds * 1000),
            notion_version=VERSION,
            retry=False,
            logger=_silent,
            log_level=logging.CRITICAL,
        )

    def _pages(self, ask: Callable[[str | None], Any]) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            listed = self._ask(_Listed, partial(ask, cursor))
            if listed.request_status and listed.request_status.type == "incomplete":
                raise Permanent(
                    "notion_list_cut",
                    "Notion ne donne que les 10 000 premières pages d'une liste : restreignez ce que le hub "
                    "guette, ou archivez ailleurs les pages qui ne le demandent plus.",
                )
            yield from listed.results
            if not (listed.has_more and listed.next_cursor):
                return
            cursor = listed.next_cursor

    def _ask(self, shape: type[T], ask: Callable[[], Any]) -> T:
        """The limit is the integration's, and a hub has one."""
        wait_for_turn(self._services, "notion", PER_SECOND, _busy(None))
        try:
            with sdk_call(LIMITS):
                answer = ask()
        except HTTPResponseError as refusal:
            # "from None": what Notion says may repeat a value, and a traceback would print it
            raise self._refusal(refusal) from None
        except (RequestTimeoutError, NotSentError, AnswerLostError):
            raise _unreachable(None) from None
        except (UnsendableError, NotionClientErrorBase, ValueError):
            raise unexpected() from None
        return _shaped(shape, answer)

    def _refusal(self, refusal: HTTPResponseError) -> ParapheError:
        """Notion's page "Status codes"."""
        status, after = refusal.status, retry_after(refusal.headers, self._services.now())
        if status == 429:
            return _busy(after)
        if status in (408, 409, 425) or status >= 500:  # 409: somebody else was writing; 529: overloaded
            return _unreachable(after)
        if status == 401:
            return Permanent(
                "notion_unauthorised",
                "Notion refuse le jeton : copiez celui de l'intégration interne dans PARAPHE_NOTION_TOKEN.",
            )
        if status == 403:
            return Permanent(
                "notion_forbidden",
                f"L'intégration Notion n'en a pas le droit : donnez-lui {RIGHTS}.",
            )
        if status == 404:
            return NotFound(
                "notion_not_found",
                "Notion ne montre pas cette page ou cette source de données : vérifiez qu'elle existe encore "
                f"et que l'intégration y est connectée ({RIGHTS}).",
            )
        return Permanent(
            "notion_refused",
            f"Notion a refusé la demande (statut {status}) : vérifiez la page et les réglages.",
        )


def identifiers(related: Iterable[Any]) -> list[str]:
    """Those of ``[{"id": ...}]``."""
    return [one.id for one in _shaped(list[_Related], list(related))]


def _shaped(shape: type[T], answer: Any) -> T:
    try:
        return TypeAdapter(shape).validate_python(answer)
    except ValidationError:
        raise unexpected() from None


def _busy(after: float | None) -> Retryable:
    return Retryable(
        "notion_busy", "Notion limite le nombre d'appels : un nouvel essai aura lieu automatiquement.", after
    )


def _unreachable(after: float | None) -> Retryable:
    return Retryable(
        "notion_unreachable", "Notion ne répond pas comme il faut : nouvel essai automatique.", after
    )


def unexpected() -> Permanent:
    return Permanent(
        "notion_unexpected_answer",
        "La réponse de Notion n'a pas la forme attendue : vérifiez PARAPHE_NOTION_URL.",
    )
