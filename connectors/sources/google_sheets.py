"""Rows of a Google Sheet: read one by its key or its number, write the outcome back to it.

A row number moves when people sort, so it is only ever a first way in: ``lasting`` replaces it by the file
number that stands in the row, and a row is never written to unless that number was found in it just
before. Between that look and the writing somebody may still sort: Google has no way to write on condition.

Dates and figures that are texts are spelt as the spreadsheet's locale has it, and nothing in a cell says
which that is: a spreadsheet that is not set to French is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self
from urllib.parse import quote

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from connectors import Finding, Services
from connectors.google import checked_key, credentials
from connectors.sources import Candidate, Outcome, Row
from connectors.sources.columns import WRITTEN, WrittenColumns, is_same
from connectors.sources.google_sheets_api import ERRORS, RIGHTS, SCOPE, SheetsSession, foreign, quoted
from connectors.sources.google_sheets_grid import Grid, letters, plain, said
from domain.errors import ParapheError, Permanent

#: what the doctor asks for when no spreadsheet is named: Google must know the key to say that it is not there
NOWHERE = "0" * 44


class GoogleSheetsConfig(WrittenColumns):
    model_config = ConfigDict(hide_input_in_errors=True)

    service_account_json: SecretStr = Field(description="texte de la clé JSON du compte de service")
    key_column: str = Field(
        "N° dossier", description="colonne dont la valeur désigne une ligne, et une seule"
    )
    spreadsheet: str = Field("", description="identifiant de la feuille que vérifie doctor (facultatif)")
    sheet: str = Field("", description="nom de son onglet ; vide : le premier")
    api_root: str = "https://sheets.googleapis.com/"

    _is_a_key = field_validator("service_account_json")(checked_key)
    _named_as_compared = field_validator("key_column", *(f"column_{one}" for one in WRITTEN))(plain)


def _printable(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise ValueError("a control character, or nothing")
    return text


class GoogleSheetsPlace(BaseModel):
    """``sheet`` is the title on the tab."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    spreadsheet: str = Field(pattern=r"^[0-9A-Za-z_-]{20,100}$")
    sheet: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_printable)]


class GoogleSheetsRef(GoogleSheetsPlace):
    """One of ``key`` (what the key column says) and ``row`` (as the sheet numbers it, from 2)."""

    key: Annotated[str, Field(max_length=200), AfterValidator(plain), AfterValidator(_printable)] | None = (
        None
    )
    row: Annotated[int, Field(ge=2, le=10_000_000)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.key is None) is (self.row is None):
            raise ValueError("key or row")
        return self


class GoogleSheets:
    Config = GoogleSheetsConfig
    immediate = False
    Ref: type[BaseModel] = GoogleSheetsRef
    Place: type[BaseModel] | None = GoogleSheetsPlace

    def __init__(self, config: GoogleSheetsConfig, services: Services) -> None:
        self._config, self._services = config, services
        self._columns = config.written
        self._credentials = credentials(config.service_account_json, SCOPE)
        self._french: set[str] = set()  # spreadsheets whose locale was seen; the process asks once for each

    def key(self, ref: GoogleSheetsRef) -> str:
        """Of a ref by row: the row, which holds until ``lasting`` has read what stands there. A title
        may hold any character."""
        last = f"row/{ref.row}" if ref.key is None else f"key/{quote(ref.key, safe='')}"
        return f"google_sheets:{ref.spreadsheet}/{quote(ref.sheet, safe='')}/{last}"

    def ref(self, place: GoogleSheetsPlace, record: str) -> GoogleSheetsRef:
        return GoogleSheetsRef(spreadsheet=place.spreadsheet, sheet=place.sheet, key=record)

    def lasting(self, ref: GoogleSheetsRef) -> GoogleSheetsRef:
        if ref.key is not None:
            return ref
        with self._session() as session:
            key, _ = self._found(session.grid(ref.spreadsheet, ref.sheet), ref)
        return GoogleSheetsRef(spreadsheet=ref.spreadsheet, sheet=ref.sheet, key=key)

    def read(self, ref: GoogleSheetsRef) -> Row:
        with self._session() as session:
            grid = self._grid(session, ref)
        _, number = self._found(grid, ref)
        return Row(fields=grid.fields(number, self._columns.values()))

    def candidates(self, place: GoogleSheetsPlace, column: str, value: str) -> Iterator[Candidate]:
        """A row without a key is passed over: nothing would lead back to it. A failed formula stops its own
        row alone, once that is read."""
        with self._session() as session:
            grid = self._grid(session, place)
        self._require_key_column(grid)
        wanted = plain(column)
        if wanted not in grid.columns:
            raise Permanent(
                "google_sheets_unknown_column",
                f"La feuille n'a pas de colonne « {wanted} » : créez-la, ou corrigez la colonne suivie.",
            )
        for number in grid.numbers(wanted, value):
            if key := said(grid.cell(number, self._config.key_column)):
                row = Row(fields=grid.cells(number, self._columns.values()))
                yield Candidate(key, row, whole=not grid.failed(row.fields))

    def link_formula(self, url: str) -> str:
        """For a cell of any row: it finds the key by the column's name, wherever the column stands."""
        column = self._config.key_column.replace('"', '""')
        key = f'INDIRECT(ADDRESS(ROW();MATCH("{column}";$1:$1;0)))'
        return f'=HYPERLINK("{url}?record="&ENCODEURL({key});"Ouvrir la convention")'

    def write_back(self, ref: GoogleSheetsRef, outcome: Outcome) -> None:
        wanted = self._config.cells(outcome)
        if not wanted:
            return
        with self._session() as session:
            grid = session.grid(ref.spreadsheet, ref.sheet)
            _, number = self._found(grid, ref)
            for column in wanted:
                if column not in grid.columns:
                    raise self._missing(column)
            news: dict[str, str | None] = {
                _place(grid, ref.sheet, column, number): text
                for column, text in wanted.items()
                if not is_same(grid.cell(number, column), text)
            }
            if news:
                session.write(ref.spreadsheet, news)

    def check(self) -> tuple[Finding, ...]:
        try:
            with self._session() as session:
                return tuple(self._findings(session))
        except ParapheError as wrong:
            return (Finding(ok=False, text=wrong.detail),)

    def _findings(self, session: SheetsSession) -> Iterator[Finding]:
        """Reading is proved by reading, the right to write by a writing that leaves the cell as it is."""
        config = self._config
        standing = session.describe(config.spreadsheet or NOWHERE)
        if not config.spreadsheet:
            text = "Google accepte la clé du compte de service ; la feuille n'est vue qu'à la première fiche"
            yield Finding(ok=True, text=f"{text} (droits nécessaires : {RIGHTS}).")
            return
        if standing is None:
            raise ERRORS.refused_for(404, "")
        sheet = config.sheet or standing.titles[0]
        grid = session.grid(config.spreadsheet, sheet)
        self._require_key_column(grid)
        missing = [column for column in self._columns.values() if column not in grid.columns]
        if missing:
            raise self._missing(missing[0])
        session.write(config.spreadsheet, {_place(grid, sheet, config.key_column, 1): None})
        yield Finding(ok=True, text=f"Google Sheets laisse lire et écrire la feuille ({RIGHTS}).")
        if not standing.is_french:
            yield Finding(ok=False, text=foreign().detail)

    def _grid(self, session: SheetsSession, place: GoogleSheetsPlace) -> Grid:
        """To be read as a record. A locale that was refused is asked for again: it may have been mended."""
        if place.spreadsheet not in self._french:
            standing = session.describe(place.spreadsheet)
            if standing is None:
                raise ERRORS.refused_for(404, "")
            if not standing.is_french:
                raise foreign()
            self._french.add(place.spreadsheet)
        return session.grid(place.spreadsheet, place.sheet)

    def _found(self, grid: Grid, ref: GoogleSheetsRef) -> tuple[str, int]:
        """The key that names the row for good, and the number of the only row that has it."""
        column = self._require_key_column(grid)
        key = ref.key or grid.key(column, ref.row or 0)
        return key, grid.number(column, key)

    def _require_key_column(self, grid: Grid) -> str:
        column = self._config.key_column
        if column not in grid.columns:
            raise Permanent(
                "google_sheets_no_key_column",
                f"La première ligne de la feuille n'a pas de colonne « {column} », qui désigne les dossiers "
                ": créez-la ou corrigez PARAPHE_GOOGLE_SHEETS_KEY_COLUMN.",
            )
        return column

    def _missing(self, column: str) -> Permanent:
        field = next(field for field, name in self._columns.items() if name == column)
        return Permanent(
            "google_sheets_unknown_column",
            f"La feuille n'a pas de colonne « {column} » : créez-la ou corrigez "
            f"PARAPHE_GOOGLE_SHEETS_COLUMN_{field.upper()}.",
        )

    def _session(self) -> SheetsSession:
        return SheetsSession(self._config.api_root, self._credentials, self._services)


def _place(grid: Grid, sheet: str, column: str, number: int) -> str:
    return f"{quoted(sheet)}!{letters(grid.columns[column])}{number}"
