"""A record that any system gives as JSON over HTTP: a CRM, a firm's own software.

What it is asked and where its columns stand are settings; the record's identifier goes into the address, so
every call goes through the outbound guard. What is written back is the state of that moment: the system must
take the same one twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any
from urllib.parse import quote, urljoin, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors import Finding, Services
from connectors.outbound_guard import Answer
from connectors.sources import Candidate, Outcome, Row
from connectors.sources.columns import WRITTEN
from connectors.sources.http_json_config import RECORD, VALUE, HttpJsonConfig
from connectors.sources.json_paths import found
from domain.errors import NotFound, ParapheError, Permanent, Refused, Retryable

MAX_BYTES, MAX_PAGES = 5_000_000, 200
#: a record that the doctor asks for: that it is not there proves address and headers
NOBODY = "0"
_RECORD = r"^[A-Za-z0-9_.-]{1,100}$"


def _not_dots(record: str) -> str:
    """``.`` and ``..`` are path segments that an HTTP client resolves: another address would be called."""
    if record in {".", ".."}:
        raise ValueError("not a record")
    return record


class HttpJsonPlace(BaseModel):
    """The one system that is set up."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HttpJsonRef(HttpJsonPlace):
    record: Annotated[str, Field(pattern=_RECORD), AfterValidator(_not_dots)]


class HttpJson:
    Config = HttpJsonConfig
    immediate = False
    Ref: type[BaseModel] = HttpJsonRef
    Place: type[BaseModel] | None = HttpJsonPlace

    def __init__(self, config: HttpJsonConfig, services: Services) -> None:
        self._config, self._guarded = config, services.guarded
        self._columns, self._headers = config.columns, config.sent_headers

    def key(self, ref: HttpJsonRef) -> str:
        return f"http_json:{ref.record}"

    def ref(self, place: HttpJsonPlace, record: str) -> HttpJsonRef:  # noqa: ARG002 # every source's signature
        return HttpJsonRef(record=record)

    def lasting(self, ref: HttpJsonRef) -> HttpJsonRef:
        return ref

    def read(self, ref: HttpJsonRef) -> Row:
        answer = self._get(self._config.url.replace(RECORD, quote(ref.record, safe="")))
        return self._row(found(answer, self._config.record_path))

    def candidates(self, place: HttpJsonPlace, column: str, value: str) -> Iterator[Candidate]:  # noqa: ARG002
        """What the list holds may be narrowed by ``{value}`` in its address."""
        if column not in self._columns or not self._config.list_url:
            raise Permanent(
                "http_json_unlistable",
                f"Le hub ne sait pas chercher les fiches d'après « {column} » : réglez "
                "PARAPHE_HTTP_JSON_LIST_URL, et le chemin de cette colonne dans PARAPHE_HTTP_JSON_MAPPING.",
            )
        for item in self._listed(value):
            if _said(found(item, self._columns[column])) == value.strip():
                yield Candidate(self._id(item), self._row(item))

    def link_formula(self, url: str) -> None:
        """Each system has its own way of making an address."""

    def write_back(self, ref: HttpJsonRef, outcome: Outcome) -> None:
        told = {field: value for field in WRITTEN if (value := getattr(outcome, field)) is not None}
        if not told or not self._config.write_back_url:
            return
        address = self._config.write_back_url.replace(RECORD, quote(ref.record, safe=""))
        body = json.dumps({"record": ref.record, **told}, ensure_ascii=False).encode()
        headers = {**self._headers, "Content-Type": "application/json"}
        self._called(lambda: self._guarded.post(address, body, headers))

    def check(self) -> tuple[Finding, ...]:
        """A list that can be read, or at least a system that answers and takes the headers."""
        try:
            if self._config.list_url:
                next(self._listed(""), None)
            else:
                self.read(HttpJsonRef(record=NOBODY))
        except NotFound:
            pass
        except ParapheError as wrong:
            return (Finding(ok=False, text=wrong.detail),)
        return (
            Finding(ok=True, text="Le CRM répond et accepte les en-têtes ; ses fiches sont lues en JSON."),
        )

    def _listed(self, value: str) -> Iterator[Any]:
        address: str | None = self._config.list_url.replace(VALUE, quote(value, safe=""))
        for _ in range(MAX_PAGES):
            if address is None:
                return
            page = self._get(address)
            items = found(page, self._config.records_path)
            if not isinstance(items, list):
                raise _unexpected("PARAPHE_HTTP_JSON_RECORDS_PATH")
            yield from items
            address = self._after(address, page)
        raise Permanent(
            "http_json_endless_list",
            f"La liste du CRM compte plus de {MAX_PAGES} pages, ou revient sur elle-même : restreignez-la "
            "par {value} dans PARAPHE_HTTP_JSON_LIST_URL, ou corrigez PARAPHE_HTTP_JSON_NEXT_PATH.",
        )

    def _after(self, address: str, page: Any) -> str | None:
        """The page that follows, on the machine that the settings name: our headers go nowhere else."""
        link = found(page, self._config.next_path) if self._config.next_path else None
        if link in (None, ""):
            return None
        following = _joined(address, link) if isinstance(link, str) else ""
        if urlsplit(following)[:2] != urlsplit(address)[:2]:
            raise _unexpected("PARAPHE_HTTP_JSON_NEXT_PATH")
        return following

    def _id(self, item: Any) -> str:
        found_id = found(item, self._config.id_path)
        text = str(found_id) if isinstance(found_id, str | int) else ""
        if not re.fullmatch(_RECORD, text) or text in {".", ".."}:
            raise _unexpected("PARAPHE_HTTP_JSON_ID_PATH")
        return text

    def _row(self, record: Any) -> Row:
        """An answer in which no column is found is no record, whatever it is."""
        cells = {column: found(record, path) for column, path in self._columns.items()}
        fields = {column: value for column, value in cells.items() if value is not None}
        if not fields:
            raise _unexpected("PARAPHE_HTTP_JSON_MAPPING et PARAPHE_HTTP_JSON_RECORD_PATH")
        return Row(fields=fields)

    def _get(self, address: str) -> Any:
        headers = {**self._headers, "Accept": "application/json"}
        answer = self._called(lambda: self._guarded.read(address, headers, MAX_BYTES))
        try:
            return json.loads(answer.body, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise _unexpected("PARAPHE_HTTP_JSON_URL") from None

    def _called(self, call: Callable[[], Answer]) -> Answer:
        try:
            answer = call()
        except Refused:
            raise Permanent(
                "http_json_address_refused",
                "L'adresse du CRM n'est pas valable ou mène à un réseau privé : vérifiez les réglages "
                "PARAPHE_HTTP_JSON_*, et PARAPHE_ALLOWED_NETWORKS si ce réseau est le vôtre.",
            ) from None
        except Retryable:
            raise _unreachable() from None
        if not 200 <= answer.status < 300:
            raise _refusal(answer)
        return answer


def _joined(address: str, link: str) -> str:
    """Empty for what is no address."""
    try:
        return urljoin(address, link)
    except ValueError:
        return ""


def _refusal(answer: Answer) -> ParapheError:
    status = answer.status
    if status in (408, 425, 429, 503):
        return Retryable(
            "http_json_busy", "Le CRM demande de patienter : nouvel essai automatique.", answer.retry_after
        )
    if status >= 500:
        return _unreachable(answer.retry_after)
    if status in (404, 410):
        return NotFound(
            "http_json_record_not_found",
            "Le CRM ne connaît pas cette fiche : vérifiez son identifiant et PARAPHE_HTTP_JSON_URL.",
        )
    if status in (401, 403):
        return Permanent(
            "http_json_unauthorised",
            "Le CRM refuse l'accès : vérifiez la clé dans PARAPHE_HTTP_JSON_HEADERS, et ses droits.",
        )
    if status < 400:
        return Permanent(
            "http_json_redirected",
            "Le CRM renvoie vers une autre adresse, ce que le hub ne suit pas : mettez la bonne dans les "
            "réglages PARAPHE_HTTP_JSON_*.",
        )
    return Permanent(
        "http_json_refused",
        f"Le CRM a refusé la demande (statut {status}) : vérifiez son adresse et ses règles.",
    )


def _unreachable(after: float | None = None) -> Retryable:
    return Retryable(
        "http_json_unreachable",
        "Le CRM ne répond pas, pas complètement, ou plus de 5 Mo : nouvel essai automatique.",
        after,
    )


def _unexpected(settings: str) -> Permanent:
    return Permanent(
        "http_json_unexpected_answer",
        f"La réponse du CRM n'a pas la forme attendue : vérifiez {settings}.",
    )


def _no_number(_constant: str) -> float:
    """``NaN`` and ``Infinity`` are no JSON."""
    raise ValueError


def _said(value: Any) -> str:
    """A value as a state is compared; a box that is ticked says ``true``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, str | int | float) else ""
