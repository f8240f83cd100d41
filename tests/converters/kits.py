"""One converter of each kind, with a way to look at what stays behind and to strike it on its way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from connectors import Services
from connectors.converters import Converter
from connectors.converters.formstack import Formstack, FormstackConfig
from connectors.converters.google_docs import GoogleDocs, GoogleDocsConfig
from connectors.converters.libreoffice import LibreOffice
from connectors.converters.word_online import WordOnline, WordOnlineConfig
from sandbox import formstack as formstack_stand_in
from sandbox import microsoft_graph
from sandbox.google import SHARED_FOLDER_ID
from tests.converters.office import paragraph, word
from tests.fixtures.sandbox import Control, Sandbox
from tests.fixtures.services import services

VALUES = {"client": {"nom_complet": "Madame Éloïse LEFÈVRE"}, "honoraires": {"forfait_ttc": "1 200,00 €"}}
TEXT = "Madame Éloïse LEFÈVRE"


@dataclass
class Clock:
    """The hub's clock, which a test may move."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def services(self) -> Services:
        return services(self.now)


#: each call of a conversion, by converter: method, path
CALLS = {
    "google_docs": {
        "the token": ("POST", "^/token$"),
        "the folder": ("GET", f"^/drive/v3/files/{SHARED_FOLDER_ID}$"),
        "the start of the upload": ("POST", "^/upload/"),
        "the document": ("PUT", "^/upload/"),
        "the export": ("GET", "/export$"),
        "the deletion": ("DELETE", "^/drive/v3/files/"),
        "the search": ("GET", "^/drive/v3/files$"),
    },
    "word_online": {
        "the token": ("POST", "/token$"),
        "the folder": ("GET", "/root:/[^/]*$"),
        "the document": ("PUT", "/content$"),
        "the PDF's address": ("GET", "/content$"),
        "the PDF": ("GET", "^/download/"),
        "the deletion": ("POST", "/permanentDelete$"),
        "the search": ("GET", "/children$"),
    },
    "formstack": {"the merge": ("POST", "^/merge/")},
}


class Kit(Protocol):
    name: str

    def worker(self, **changes: Any) -> Converter: ...

    def produce(self, converter: Converter, text: str = TEXT) -> bytes:
        """A PDF that says ``text``, by whichever way this converter is asked."""
        ...

    def left(self) -> list[str]:
        """What is kept at the other end."""
        ...


def converted(converter: Converter, text: str) -> bytes:
    return converter.convert(word(paragraph(text)))


@dataclass
class OfficeKit:
    office: LibreOffice
    name: str = "libreoffice"

    def worker(self, **changes: Any) -> LibreOffice:
        assert not changes
        return self.office

    def produce(self, converter: Converter, text: str = TEXT) -> bytes:
        return converted(converter, text)

    def left(self) -> list[str]:
        return []


@dataclass
class Outside:
    """A converter at somebody else's: its stand-in can be struck."""

    sandbox: Sandbox
    clock: Clock = field(default_factory=Clock)
    name: str = ""
    stand_in: str = ""

    @property
    def control(self) -> Control:
        return self.sandbox.control(self.stand_in)

    def worker(self, **changes: Any) -> Converter:
        raise NotImplementedError

    def produce(self, converter: Converter, text: str = TEXT) -> bytes:
        return converted(converter, text)

    def left(self) -> list[str]:
        raise NotImplementedError

    def strike(self, call: str, kind: str, **details: Any) -> None:
        method, path = CALLS[self.name][call]
        self.control.fault(kind, method, path, **details)

    def settings(self, **settings: Any) -> None:
        self.control.patch("settings", settings)


class GoogleDocsKit(Outside):
    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox, name="google_docs", stand_in="google")
        self.settings(role="organizer")

    def worker(self, **changes: Any) -> GoogleDocs:
        values = {
            "service_account_json": json.dumps(self.control.get("service_account.json")),
            "folder_id": SHARED_FOLDER_ID,
            "api_root": f"{self.sandbox.url}/google/",
        }
        return GoogleDocs(GoogleDocsConfig.model_validate(values | changes), self.clock.services())

    def left(self) -> list[str]:
        return [one["name"] for one in self.control.get("files") if not one["folder"]]


class WordOnlineKit(Outside):
    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox, name="word_online", stand_in="microsoft_graph")

    def worker(self, **changes: Any) -> WordOnline:
        values = {
            "tenant": microsoft_graph.TENANT,
            "client_id": microsoft_graph.CLIENT_ID,
            "client_secret": microsoft_graph.CLIENT_SECRET,
            "drive_id": microsoft_graph.DRIVE_ID,
            "login_url": self.control.url,
            "graph_url": f"{self.control.url}/v1.0",
        }
        return WordOnline(WordOnlineConfig.model_validate(values | changes), self.clock.services())

    def left(self) -> list[str]:
        return [one["name"] for one in self.control.get("items") if not one["folder"]]


class FormstackKit(Outside):
    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox, name="formstack", stand_in="formstack")

    def worker(self, **changes: Any) -> Formstack:
        place = f"{formstack_stand_in.DOCUMENT}/{formstack_stand_in.KEY}"
        values = {"documents": json.dumps({"forfait": place}), "url": self.control.url}
        return Formstack(FormstackConfig.model_validate(values | changes), self.clock.services())

    def produce(self, converter: Converter, text: str = TEXT) -> bytes:
        assert isinstance(converter, Formstack)
        return converter.render("forfait", {"client": {"nom_complet": text}})

    def left(self) -> list[str]:
        return []  # a merge is not kept: there is nothing to look at


OUTSIDE: dict[str, Callable[[Sandbox], Outside]] = {
    "google_docs": GoogleDocsKit,
    "word_online": WordOnlineKit,
    "formstack": FormstackKit,
}
