"""Word Online through Microsoft Graph: the document is put in a working folder, read back as PDF, and
deleted for good. The layout is Word's own, and the PDF is not a PDF/A.

Names are unique in a folder and drawn for each conversion: whatever became of the upload's answer, the
document is found under its name. Every conversion also deletes what a killed worker left.
Sources: learn.microsoft.com/graph/api ``driveitem-put-content``, ``driveitem-get-content-format``,
``driveitem-permanentdelete`` (a plain delete would keep the document in the bin for 93 days).
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from connectors import Finding, Services
from connectors.converters.elsewhere import (
    FORSAKEN_SECONDS,
    WORD_TYPE,
    is_whole_pdf,
    require_word,
    unreadable,
)
from connectors.converters.office_input import trial_document
from connectors.http import System
from connectors.microsoft_graph import CONFLICT, MOVED, GraphConfig, OpenFiles, graph, segment
from domain.errors import NotFound, ParapheError, Permanent, Retryable, Unknown

SYSTEM = System("word_online", "Microsoft 365 (Word en ligne)", "PARAPHE_WORD_ONLINE")
LEAST_RIGHTS = (
    "autorisation d'application « Sites.Selected » avec le rôle « write » sur un site qui ne sert qu'à cela "
    "; si Microsoft refuse la suppression définitive, « Files.ReadWrite.All »"
)
PREFIX = "paraphe-"
#: how Graph refuses a document that Word cannot open
UNCONVERTIBLE = (406, 415, 422)


class WordOnlineConfig(GraphConfig):
    drive_id: str = Field(description="bibliothèque (drive) d'un site SharePoint qui ne sert qu'à cela")
    folder: str = Field(
        "Conversions Paraphe",
        description="dossier de travail, créé s'il manque",
        pattern=r"^[^\"*:<>?/\\|#%~.]+$",
    )


class _Item(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    name: str
    createdDateTime: datetime  # noqa: N815 # Graph's own name


class _Items(BaseModel):
    value: list[_Item]


class WordOnline:
    """Satisfies ``connectors.converters.Converter``; safe to call from several threads."""

    Config = WordOnlineConfig
    archival: Final = False
    merges: Final = False

    def __init__(self, config: WordOnlineConfig, services: Services) -> None:
        self._config, self._now = config, services.now
        self._graph = graph(config, SYSTEM, services)
        self._files = OpenFiles(config, SYSTEM, services)
        self._owed: set[str] = set()  # names whose deletion is not known to be done

    @property
    def _drive(self) -> str:
        return f"/drives/{segment(self._config.drive_id)}"

    def convert(self, docx: bytes) -> bytes:
        require_word(docx)
        try:
            return self._converted(docx)
        except Unknown as lost:  # all that it made is gone: nothing is left to look for
            raise _answer_lost(lost.after) from None
        except NotFound:
            raise _folder_missing() from None

    def close(self) -> None:
        """Nothing is kept open between two conversions."""

    def check(self) -> tuple[Finding, ...]:
        try:
            self.convert(trial_document())
        except ParapheError as wrong:
            return (Finding(ok=False, text=f"{wrong.detail} Droits : {LEAST_RIGHTS}."),)
        return (
            Finding(
                ok=True,
                text="Word en ligne convertit un document Word en PDF (pas en PDF/A) et n'en garde rien "
                f"({LEAST_RIGHTS}).",
            ),
        )

    def _converted(self, docx: bytes) -> bytes:
        folder = self._folder()
        name = f"{PREFIX}{secrets.token_hex(8)}.docx"  # no name of a client ever shows there
        place = _in(folder, name)
        try:
            self._graph.request(
                "PUT",
                f"{place}/content",
                params={CONFLICT: "fail"},
                content=docx,
                headers={"Content-Type": WORD_TYPE},
            )
            return self._pdf(place)
        finally:
            self._owed.add(name)
            self._clear(folder)

    def _folder(self) -> str:
        """The path of the working folder, made when it is missing (409: another worker made it)."""
        place = f"{self._drive}/root:/{segment(self._config.folder)}"
        try:
            found = self._graph.ask(_Item, "GET", place)
        except NotFound:
            body = {"name": self._config.folder, "folder": {}, CONFLICT: "fail"}
            self._graph.request("POST", f"{self._drive}/root/children", json=body, expect={409})
            found = self._graph.ask(_Item, "GET", place)
        return f"{self._drive}/items/{segment(found.id)}"

    def _pdf(self, place: str) -> bytes:
        try:
            answer = self._graph.request(
                "GET", f"{place}/content", params={"format": "pdf"}, expect={*MOVED, *UNCONVERTIBLE, 401}
            )
            if answer.status in UNCONVERTIBLE:
                raise unreadable()
            # Word's own servers sometimes answer 401 to which hands it on: not our token's fault
            if answer.status in MOVED:
                answer = self._files.request("GET", answer.headers.get("location", ""))
        except NotFound:  # what was just put there is not shown yet, or the address has gone stale
            raise _answer_lost() from None
        if not is_whole_pdf(answer.body):
            raise _answer_lost()
        return answer.body

    def _clear(self, folder: str) -> None:
        """Delete what this process owes and what nobody will come back for."""
        for name in tuple(self._owed):
            self._delete(_in(folder, name))
            self._owed.discard(name)
        oldest = self._now() - timedelta(seconds=FORSAKEN_SECONDS)
        for item in self._graph.ask(_Items, "GET", f"{folder}/children", params={"$top": "200"}).value:
            if item.name.startswith(PREFIX) and item.createdDateTime < oldest:
                self._delete(_in(folder, item.name))

    def _delete(self, place: str) -> None:
        try:
            item = f"{self._drive}/items/{segment(self._graph.ask(_Item, 'GET', place).id)}"
        except NotFound:
            return
        try:
            self._graph.request("POST", f"{item}/permanentDelete")
        except NotFound:
            return
        except Permanent:
            self._graph.request("DELETE", item, expect={404})  # rather in the bin than in the folder
            raise Permanent(
                "word_online_cannot_delete",
                "Microsoft refuse la suppression définitive du document de travail, qui est resté dans la "
                f"corbeille du site : videz-la et donnez au hub : {LEAST_RIGHTS}.",
            ) from None


def _in(folder: str, name: str) -> str:
    return f"{folder}:/{segment(name)}:"


def _answer_lost(after: float | None = None) -> Retryable:
    return Retryable(
        "word_online_answer_lost",
        "Microsoft 365 n'a pas rendu le PDF complètement ; la conversion sera refaite automatiquement.",
        after,
    )


def _folder_missing() -> Permanent:
    return Permanent(
        "word_online_drive_missing",
        "Microsoft 365 ne montre pas la bibliothèque de travail : vérifiez PARAPHE_WORD_ONLINE_DRIVE_ID et "
        f"les droits ({LEAST_RIGHTS}).",
    )
