"""Google Sheets v4: the calls the hub needs, paced for all workers, and what its refusals mean.

Sources: sheets.v4 discovery document; developers.google.com/workspace/sheets/api, ``limits`` (60 reads and 60
writes a minute for one account), ``concepts`` (a title alone is the whole sheet; cells beyond the grid are
refused). Integrators' reports: an unknown sheet is a 400 ("Unable to parse range"), an Excel file that was
never converted another (FAILED_PRECONDITION), the quota a 429.
Unconfirmed: the reason of the 403 for an API that is not enabled, and that writing nothing asks for the right
to write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from google.oauth2.service_account import Credentials
from pydantic import BaseModel, TypeAdapter, ValidationError

from connectors import Services
from connectors.google import GoogleErrors, GoogleSession
from connectors.pacing import wait_for_turn
from connectors.sources.google_sheets_grid import Cell, Grid
from domain.errors import NotFound, ParapheError, Permanent

SCOPE = "https://www.googleapis.com/auth/spreadsheets"
#: at most 60 calls in any minute: (60 + 28.5) / 1.5, and the one that begins it
PER_SECOND, AHEAD_SECONDS = 1 / 1.5, 28.5
RIGHTS = "la feuille partagée avec l'adresse du compte de service, rôle « Éditeur », rien de plus"

T = TypeVar("T")
_METHODS = (
    "sheets.spreadsheets.get",
    "sheets.spreadsheets.values.get",
    "sheets.spreadsheets.values.batchUpdate",
)


class _Values(BaseModel):
    range: str
    values: list[list[Cell]] = []


class _Title(BaseModel):
    title: str


class _Sheet(BaseModel):
    properties: _Title


class _Properties(BaseModel):
    locale: str = ""


class Spreadsheet(BaseModel):
    properties: _Properties
    sheets: list[_Sheet] = []

    @property
    def titles(self) -> list[str]:
        return [sheet.properties.title for sheet in self.sheets]

    @property
    def is_french(self) -> bool:
        return self.properties.locale.startswith("fr")


@dataclass(frozen=True)
class SheetsErrors(GoogleErrors):
    label: ClassVar[str] = "Google Sheets"

    def refused_for(self, status: int, reason: str) -> ParapheError:
        if reason in ("SERVICE_DISABLED", "accessNotConfigured"):
            return Permanent(
                "google_sheets_api_disabled",
                "L'API Google Sheets n'est pas activée dans le projet du compte de service : activez-la dans "
                "la console Google Cloud.",
            )
        if status == 404:
            return NotFound(
                "google_sheets_not_found",
                f"Google ne montre pas cette feuille : vérifiez son identifiant et son partage ({RIGHTS}).",
            )
        if status == 403:
            return Permanent("google_sheets_forbidden", f"Google Sheets refuse l'accès : il faut {RIGHTS}.")
        if reason in ("FAILED_PRECONDITION", "failedPrecondition"):
            return Permanent(
                "google_sheets_not_a_sheet",
                "Ce fichier n'est pas une feuille Google (un classeur Excel, sans doute) : par le menu "
                "Fichier, enregistrez-le au format Google Sheets et donnez l'identifiant de la copie.",
            )
        if status == 400:
            return NotFound(
                "google_sheets_sheet_not_found",
                "La feuille de calcul n'a pas d'onglet de ce nom : vérifiez-le, accents et espaces compris.",
            )
        return super().refused_for(status, reason)


ERRORS = SheetsErrors("google_sheets", "PARAPHE_GOOGLE_SHEETS")


class SheetsSession(GoogleSession):
    def __init__(self, api_root: str, credentials: Credentials, services: Services) -> None:
        super().__init__(("sheets", "v4"), api_root, credentials, ERRORS, methods=_METHODS)
        self._spreadsheets = self._service.spreadsheets()
        self._services, self._account = services, credentials.service_account_email

    def describe(self, spreadsheet: str) -> Spreadsheet | None:
        """None when it does not exist."""
        self._wait("read")
        request = self._spreadsheets.get(
            spreadsheetId=spreadsheet, fields="properties(locale),sheets(properties(title))"
        )
        answer = self._run(request.execute, {404: None})
        return None if answer is None else _shaped(Spreadsheet, answer)

    def grid(self, spreadsheet: str, sheet: str) -> Grid:
        """The whole sheet: numbers as numbers, dates as the sheet spells them."""
        self._wait("read")
        request = self._spreadsheets.values().get(
            spreadsheetId=spreadsheet,
            range=quoted(sheet),
            valueRenderOption="UNFORMATTED_VALUE",
            dateTimeRenderOption="FORMATTED_STRING",
        )
        return Grid(_shaped(_Values, self._run(request.execute)).values)

    def write(self, spreadsheet: str, cells: Mapping[str, str | None]) -> None:
        """Range of one cell -> its text, all or nothing. RAW: a text that looks like a formula stays a text.
        ``""`` empties the cell, None leaves it as it is."""
        self._wait("write")
        data = [{"range": place, "values": [[text]]} for place, text in cells.items()]
        request = self._spreadsheets.values().batchUpdate(
            spreadsheetId=spreadsheet, body={"valueInputOption": "RAW", "data": data}
        )
        if self._run(request.execute, {400: None}) is None:
            raise Permanent(
                "google_sheets_unwritable",
                "Google Sheets refuse ce que le hub écrit : vérifiez que ni l'onglet ni ses cellules ne sont "
                "protégés contre le compte de service.",
            )

    def _wait(self, quota: str) -> None:
        """Reads and writes are counted apart."""
        scope = f"google_sheets.{quota}:{self._account}"
        wait_for_turn(self._services, scope, PER_SECOND, ERRORS.busy(), AHEAD_SECONDS)


def quoted(sheet: str) -> str:
    """A title in A1 notation."""
    return "'" + sheet.replace("'", "''") + "'"


def foreign() -> Permanent:
    return Permanent(
        "google_sheets_locale",
        "La feuille n'est pas réglée sur la France, ses dates et ses nombres seraient lus de travers : "
        "mettez Fichier > Paramètres > Paramètres régionaux sur France.",
    )


def _shaped(shape: type[T], answer: Any) -> T:
    try:
        return TypeAdapter(shape).validate_python(answer)
    except ValidationError:
        raise Permanent(
            "google_sheets_unexpected_answer",
            "La réponse de Google Sheets n'a pas la forme attendue : vérifiez le réglage "
            "PARAPHE_GOOGLE_SHEETS_API_ROOT.",
        ) from None
