"""A record that any system gives as JSON over HTTP: a CRM, a firm's own software.

What it is asked and where its columns stand are settings; the record's identifier goes into the address, so
every call goes through the outbound guard. What is written back is the state of that moment: the system must
take the same one twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any
from urllib.parse import quote, urljoin, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors import Finding, Services
from connectors.outbound_guard import Answer
from connectors.sources import Candidate, Outcome, Row
from connectors.sources.columns import WRITTEN, is_ticked
from connectors.sources.http_json_config import RECORD, RECORD_FORM, VALUE, HttpJsonConfig, is_record
from connectors.sources.json_paths import found
from domain.errors import NotFound, ParapheError, Permanent, Refused, Retryable

MAX_BYTES, MAX_PAGES = 5_000_000, 200
#: a record that the doctor asks for when it is told of none: that a machine answers is all it may prove
NOBODY = "0"
_NO_LIST = "Le CRM n'a pas de liste à cette adresse : corrigez PARAPHE_HTTP_JSON_LIST_URL."
_NO_TEST_RECORD = (
    "Le CRM n'a pas la fiche d'essai : corrigez PARAPHE_HTTP_JSON_TEST_RECORD ou PARAPHE_HTTP_JSON_URL."
)
_NOTHING = (
    "La machine du CRM répond, ce qui ne prouve ni l'adresse ni la clé : mettez l'identifiant d'une fiche "
    "qui existe dans PARAPHE_HTTP_JSON_TEST_RECORD."
)


def _checked(record: str) -> str:
    if not is_record(record):
        raise ValueError("not a record")
    return record


class HttpJsonPlace(BaseModel):
    """The one system that is set up."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HttpJsonRef(HttpJsonPlace):
    record: Annotated[str, Field(pattern=RECORD_FORM), AfterValidator(_checked)]


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
        """What the list holds may be narrowed by ``{value}`` in its address. An identifier that is none goes
        out as it is, for ``ref`` to refuse it: it hides no other. When none is one, the path is wrong."""
        if column not in self._columns or not self._config.list_url:
            raise Permanent(
                "http_json_unlistable",
                f"Le hub ne sait pas chercher les fiches d'après « {column} » : réglez "
                "PARAPHE_HTTP_JSON_LIST_URL, et le chemin de cette colonne dans PARAPHE_HTTP_JSON_MAPPING.",
            )
        usable = unusable = 0
        for item in self._listed(value):
            record = _id(found(item, self._config.id_path))
            usable, unusable = usable + is_record(record), unusable + (not is_record(record))
            if _says(found(item, self._columns[column]), value):
                yield Candidate(record, self._row(item))
        if unusable and not usable:
            raise _unexpected("PARAPHE_HTTP_JSON_ID_PATH")

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
        """A list and a record that are read prove what they need; that there is nothing at an address proves
        neither it nor the key, since many a machine says so before it looks at one."""
        record, list_url = self._config.test_record, self._config.list_url
        looks: list[tuple[Callable[[], Any], str]] = []
        if list_url and not (record and VALUE in list_url):  # a list of no state may be none
            looks.append((lambda: next(self._listed(""), None), _NOTHING if VALUE in list_url else _NO_LIST))
        if record:
            looks.append((lambda: self.read(HttpJsonRef(record=record)), _NO_TEST_RECORD))
        if not looks:
            looks.append((lambda: self.read(HttpJsonRef(record=NOBODY)), _NOTHING))
        if wrong := [text for look, absent in looks if (text := _wrong(look, absent))]:
            return tuple(Finding(ok=False, text=text) for text in dict.fromkeys(wrong))
        if record:
            return (Finding(ok=True, text="Le CRM accepte la clé : le hub lit la fiche d'essai."),)
        text = "Le CRM accepte la clé ; l'adresse d'une fiche n'est vue qu'à la première"
        return (Finding(ok=True, text=f"{text}, ou par PARAPHE_HTTP_JSON_TEST_RECORD."),)

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


def _wrong(look: Callable[[], Any], absent: str) -> str:
    """What a look says is wrong, if anything; ``absent`` is said where there is nothing."""
    try:
        look()
    except NotFound:
        return absent
    except ParapheError as wrong:
        return wrong.detail
    return ""


def _id(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _says(value: Any, wanted: str) -> bool:
    """As a state is compared; a box says what means that it is ticked, or that it is not."""
    if isinstance(value, bool):
        return is_ticked(wanted) if value else wanted.strip().casefold() == "false"
    return isinstance(value, str | int | float) and str(value).strip() == wanted.strip()
