"""What the doctor proves of Notion: that a data source is shown, has the hub's properties, and lets the
integration update its pages. One page is written with the very state it has, which leaves it as it is."""

from __future__ import annotations

from collections.abc import Mapping

from connectors import Finding
from connectors.sources.notion_api import RIGHTS, NotionApi
from connectors.sources.notion_cells import unchanged
from domain.errors import NotFound, Permanent, Retryable

ACCEPTED = f"Notion accepte le jeton (droits nécessaires : {RIGHTS})."
NO_PLACE = (
    f"Notion accepte le jeton ; ses droits ({RIGHTS}) ne sont pas prouvés : nommez la source de données dans "
    "PARAPHE_NOTION_DATA_SOURCES."
)


def findings(
    api: NotionApi, data_sources: tuple[str, ...], written: Mapping[str, str]
) -> tuple[Finding, ...]:
    """``written``: the names of the properties that the hub writes, the state's under ``state``."""
    try:
        api.me()
    except (Permanent, NotFound, Retryable) as wrong:
        return (Finding(ok=False, text=wrong.detail),)
    if not data_sources:
        return (Finding(ok=True, text=NO_PLACE),)
    return Finding(ok=True, text=ACCEPTED), *(_checked(api, place, written) for place in data_sources)


def _checked(api: NotionApi, data_source: str, written: Mapping[str, str]) -> Finding:
    try:
        ok, told = _proved(api, data_source, written)
    except (Permanent, NotFound, Retryable) as wrong:
        ok, told = False, wrong.detail
    return Finding(ok=ok, text=f"Source de données {data_source} : {told}")


def _proved(api: NotionApi, data_source: str, written: Mapping[str, str]) -> tuple[bool, str]:
    schema = api.data_source(data_source).properties
    missing = [column for column in written.values() if column not in schema]
    if missing:
        names = ", ".join(f"« {column} »" for column in missing)
        return False, f"créez les propriétés {names}."
    page = api.first(data_source)
    if page is None:
        return True, (
            "Notion la montre ; le droit de « mettre à jour le contenu » n'est pas prouvé, car elle est "
            "vide : relancez doctor quand elle aura une page."
        )
    state = written["state"]
    same = unchanged(page.properties.get(state, {}))
    if same is None:
        return False, (
            f"le droit d'écrire n'est pas prouvé, car « {state} » ne se récrit pas telle quelle : faites-en "
            "un état, une sélection ou un texte."
        )
    api.update(page.id, {state: same})
    return True, "Notion la montre et y laisse écrire."
