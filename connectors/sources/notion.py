"""Notion pages: read one with what it is related to, write the outcome back to it.

A page is known by its id alone; the data source it must stand in is checked once it is read, since an id may
come from anybody. A ``select`` lacking an option gets it from Notion at the first writing; a ``status`` does
not, and the option is named instead. Sources: developers.notion.com, "Retrieve a page", "Update page
properties", "Query a data source". Unconfirmed: that a formula's ``id()`` gives the page's own id
(notion.so/help/formula-syntax lists it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from connectors import Finding, Services
from connectors.sources import Candidate, Outcome, Row, links, notion_doctor
from connectors.sources.columns import WrittenColumns, is_same, is_ticked
from connectors.sources.links import Link
from connectors.sources.notion_api import (
    NotionApi,
    NotionId,
    Page,
    identifier,
    identifiers,
    unexpected,
)
from connectors.sources.notion_cells import (
    ABSENT,
    filter_of,
    has_more,
    listed_fields,
    plain_fields,
    plain_value,
    property_of,
    says,
)
from connectors.sources.notion_webhooks import CallsByHand
from domain.errors import NotFound, Permanent, Refused

_LINKS = "PARAPHE_NOTION_LINKS"


class NotionConfig(WrittenColumns):
    model_config = ConfigDict(hide_input_in_errors=True)

    token: SecretStr
    url: str = "https://api.notion.com"
    data_sources: str = Field(
        "", description="sources de données que le hub peut lire, séparées par des virgules ; vide : toutes"
    )
    links: str = Field(
        "{}", description='relations à suivre, en JSON : {"Client": ""} ou {"Avocat": "Avocat"} (préfixe)'
    )

    @field_validator("data_sources")
    @classmethod
    def _are_ids(cls, value: str) -> str:
        return ",".join(identifier(one.strip()) for one in value.split(",") if one.strip())

    @field_validator("links")
    @classmethod
    def _are_links(cls, value: str) -> str:
        links.parsed(value, with_table=False)
        return value


class NotionPlace(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    data_source: NotionId


class NotionRef(BaseModel):
    """``data_source``: where the page must stand, when the caller knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    page: NotionId
    data_source: NotionId | None = None


class Notion(CallsByHand):
    Config = NotionConfig
    immediate = False
    Ref: type[BaseModel] = NotionRef
    Place: type[BaseModel] | None = NotionPlace

    def __init__(self, config: NotionConfig, services: Services) -> None:
        self._config = config
        self._allowed = tuple(one for one in config.data_sources.split(",") if one)
        self._links = links.parsed(config.links, with_table=False)
        self._api = NotionApi(config.url, config.token.get_secret_value(), services)

    def key(self, ref: NotionRef) -> str:
        return f"notion:{ref.page}"

    def ref(self, place: NotionPlace, record: str) -> NotionRef:
        return NotionRef(page=record, data_source=place.data_source)

    def lasting(self, ref: NotionRef) -> NotionRef:
        return ref

    def read(self, ref: NotionRef) -> Row:
        page = self._page(ref)
        fields = self._plain(self._whole(page))
        linked = [named for column, link in self._links.items() for named in self._linked(page, column, link)]
        return Row(fields=links.completed("notion", _LINKS, fields, linked))

    def candidates(self, place: NotionPlace, column: str, value: str) -> Iterator[Candidate]:
        self._require(place.data_source, place.data_source)
        wanted = self._filter(self._api.data_source(place.data_source).properties.get(column), column, value)
        for page in self._api.query(place.data_source, wanted):
            if says(page.properties.get(column, {}), value):
                yield Candidate(page.id, Row(fields=self._plain(page.properties, listed_fields)))

    def link_formula(self, url: str) -> str:
        return f'link("Ouvrir la convention", "{url}?record=" + id())'

    def write_back(self, ref: NotionRef, outcome: Outcome) -> None:
        wanted = self._config.cells(outcome)
        if not wanted:
            return
        standing = self._page(ref).properties
        news: dict[str, Any] = {}
        for column, text in wanted.items():
            prop = standing.get(column)
            written = property_of(str(prop.get("type")), text) if prop is not None else None
            if prop is None or written is None:
                raise self._unwritable(column, is_there=prop is not None)
            if not is_same(_said(prop), text):
                news[column] = written
        if news:
            self._update(ref, news)

    def check(self) -> tuple[Finding, ...]:
        return notion_doctor.findings(self._api, self._allowed, self._config.written)

    def close(self) -> None:
        self._api.close()

    def _filter(self, schema: dict[str, Any] | None, column: str, value: str) -> dict[str, Any]:
        """Notion refuses an option that the property does not have: no page will ever say it."""
        kind = str((schema or {}).get("type"))
        wanted = filter_of(kind, column, value)
        if schema is None or wanted is None:
            raise Permanent(
                "notion_unlistable_property",
                f"La source de données Notion n'a pas de propriété « {column} » qui se filtre : créez-la "
                "(état, sélection, texte ou case à cocher) ou corrigez son nom.",
            )
        if kind == "checkbox" and not is_ticked(value):  # every page that does not ask would be sent
            raise Permanent(
                "notion_unlistable_box",
                f"« {column} » est une case à cocher, que le hub guette cochée : donnez « oui » pour valeur.",
            )
        options = (schema.get(kind) or {}).get("options") if isinstance(schema.get(kind), dict) else None
        if options is not None and value not in [option.get("name") for option in options]:
            raise Permanent(
                "notion_unlistable_option",
                f"La propriété « {column} » n'a pas l'option que le hub guette : ajoutez-la, ou corrigez-la "
                "dans les réglages.",
            )
        return wanted

    def _page(self, ref: NotionRef) -> Page:
        """The page, once it is known to be one that the hub may touch."""
        page = self._api.page(ref.page)
        self._require(str(page.parent.get("data_source_id") or ""), ref.data_source)
        if page.in_trash:
            raise NotFound("notion_in_trash", "Cette page est dans la corbeille de Notion : restaurez-la.")
        return page

    def _require(self, stands_in: str, wanted: str | None) -> None:
        place = stands_in.replace("-", "").lower()
        allowed = {one.replace("-", "") for one in self._allowed}
        if (wanted and place != wanted.replace("-", "")) or (allowed and place not in allowed):
            raise Refused(
                "notion_other_data_source",
                "Cette page Notion n'est pas dans la source de données attendue : vérifiez l'appel et "
                "PARAPHE_NOTION_DATA_SOURCES.",
            )

    def _plain(
        self,
        properties: dict[str, dict[str, Any]],
        told: Callable[[dict[str, dict[str, Any]]], dict[str, Any]] = plain_fields,
    ) -> dict[str, Any]:
        try:
            return told(self._config.without_written(properties))
        except (AttributeError, TypeError):  # a value that does not have its type's shape
            raise unexpected() from None

    def _whole(self, page: Page) -> dict[str, dict[str, Any]]:
        """The properties, texts full of mentions included to their end."""
        return {
            name: self._complete(page, prop) if has_more(prop) else prop
            for name, prop in page.properties.items()
        }

    def _complete(self, page: Page, prop: dict[str, Any]) -> dict[str, Any]:
        kind = str(prop["type"])
        return {
            **prop,
            kind: [item.get(kind) or {} for item in self._api.items(page.id, str(prop.get("id")))],
        }

    def _linked(self, page: Page, column: str, link: Link) -> Iterator[dict[str, Any]]:
        prop = page.properties.get(column, {})
        if prop.get("type") != "relation":
            raise Permanent(
                "notion_no_relation",
                f"La propriété « {column} » n'est pas une relation : corrigez {_LINKS}.",
            )
        related: Iterable[Any] = prop.get("relation") or []
        if prop.get("has_more"):
            related = (item.get("relation") or {} for item in self._api.items(page.id, str(prop.get("id"))))
        ids = identifiers(related)
        if len(ids) > links.most(link):
            raise links.too_many("notion", _LINKS, column, link)
        for rank, one in enumerate(ids):
            yield link.named(rank, self._related(column, one))

    def _related(self, column: str, page_id: str) -> dict[str, Any]:
        try:
            page = self._api.page(page_id)
        except NotFound:
            page = None
        if page is None or page.in_trash:
            raise NotFound(
                "notion_linked_not_found",
                f"Notion ne montre pas la page liée dans « {column} » : vérifiez qu'elle existe encore et "
                "que l'intégration est connectée à sa base.",
            ) from None
        return self._plain(self._whole(page))

    def _update(self, ref: NotionRef, news: dict[str, Any]) -> None:
        try:
            self._api.update(ref.page, news)
        except Permanent as refused:
            if refused.code != "notion_refused":
                raise
            raise self._missing_option(news) from None

    def _missing_option(self, news: dict[str, Any]) -> Permanent:
        """Types were read just before: what is left to refuse is an option, which only a person can add to a
        status."""
        for column, written in news.items():
            if written.get("status"):
                option = written["status"]["name"]
                return Permanent(
                    "notion_missing_option",
                    f"Notion n'accepte pas l'option « {option} » dans « {column} » : ajoutez-y tous les "
                    "états, ou faites-en une propriété de texte.",
                )
        return Permanent(
            "notion_unwritable",
            "Notion refuse ce que le hub écrit : vérifiez les réglages PARAPHE_NOTION_COLUMN_*.",
        )

    def _unwritable(self, column: str, *, is_there: bool) -> Permanent:
        field = next(name for name, own in self._config.written.items() if own == column)
        setting = f"PARAPHE_NOTION_COLUMN_{field.upper()}"
        if is_there:
            return Permanent(
                "notion_wrong_property_type",
                f"La propriété « {column} » n'accepte pas de texte : changez son type ou {setting}.",
            )
        return Permanent(
            "notion_unknown_property",
            f"La source de données n'a pas de propriété « {column} » : créez-la ou corrigez {setting}.",
        )


def _said(prop: dict[str, Any]) -> Any:
    """What the property says now, a single choice among several being one; None: nothing."""
    plain = plain_value(prop)
    if isinstance(plain, list) and len(plain) == 1:
        return plain[0]
    return None if plain is ABSENT else plain
