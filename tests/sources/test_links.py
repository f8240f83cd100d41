"""Records linked to the one that is read complete it, in the tools that link records."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pytest

from connectors.sources import Source
from connectors.sources.airtable import AirtableRef
from connectors.sources.airtable_config import AirtableConfig
from connectors.sources.notion import NotionConfig, NotionRef
from domain.errors import Invalid, NotFound, Permanent, Retryable
from sandbox.airtable import BASE_ID
from sandbox.airtable.sample import WRITE_BACK_COLUMNS
from tests.fixtures.sandbox import Control, Sandbox
from tests.sources.kits_airtable import AirtableKit
from tests.sources.kits_notion import NotionKit

CLIENT = {"Nom": "Durand", "Prénom": "Claire", "E-mail": "claire@example.com", "Statut convention": "Signée"}
SPOUSE = {"Nom": "Payet", "Prénom": "Ève", "E-mail": "eve@example.com"}
LAWYER = {"Nom": "Martin", "Prénom": "Hélène"}
OF_CLIENT = {"Nom": "Durand", "Prénom": "Claire", "E-mail": "claire@example.com"}


class Tool(Protocol):
    """A tool whose records are linked; ``links`` are columns with the prefix of each."""

    missing: str
    control: Control

    def person(self, fields: Mapping[str, Any]) -> str: ...
    def matter(self, fields: Mapping[str, Any], **linked: Sequence[str]) -> Any: ...
    def source(self, **links: str) -> Source: ...
    def delay_reading(self, record: str, **fault: Any) -> None: ...


class AirtableLinks:
    missing = "recAbsent00000000"

    def __init__(self, sandbox: Sandbox) -> None:
        self.kit = AirtableKit(sandbox)
        self.control = self.kit.control

    def person(self, fields: Mapping[str, Any]) -> str:
        return self.kit.holding(fields, table="Personnes").record

    def matter(self, fields: Mapping[str, Any], **linked: Sequence[str]) -> AirtableRef:
        columns = dict(WRITE_BACK_COLUMNS) | dict.fromkeys(linked, "multipleRecordLinks")
        return self.kit.holding({**fields, **linked}, base=BASE_ID, columns=columns)

    def source(self, **links: str) -> Source:
        setting = {
            column: ["Personnes", prefix] if prefix else "Personnes" for column, prefix in links.items()
        }
        return self.kit.source(links=json.dumps(setting))

    def delay_reading(self, record: str, **fault: Any) -> None:
        self.control.fault("error", "GET", f"/Personnes/{record}", **fault)


class NotionLinks:
    missing = "00000000-0000-4000-8000-000000000000"

    def __init__(self, sandbox: Sandbox) -> None:
        self.kit = NotionKit(sandbox)
        self.control = self.kit.control

    def person(self, fields: Mapping[str, Any]) -> str:
        persons = "00000000-0000-4000-8000-00000000c11e"
        return self.kit.holding(fields, data_source=persons).page

    def matter(self, fields: Mapping[str, Any], **linked: Sequence[str]) -> NotionRef:
        types = dict.fromkeys(linked, "relation")
        return self.kit.holding({**fields, **linked}, types=types)

    def source(self, **links: str) -> Source:
        return self.kit.source(links=json.dumps(links))

    def delay_reading(self, record: str, **fault: Any) -> None:
        self.control.fault("error", "GET", f"/v1/pages/{record}", **fault)


@pytest.fixture(params=[AirtableLinks, NotionLinks], ids=["airtable", "notion"])
def tool(request: pytest.FixtureRequest, sandbox: Sandbox) -> Tool:
    built: Tool = request.param(sandbox)
    return built


def test_links_that_no_setting_names_are_ignored_and_cost_no_call(tool: Tool) -> None:
    ref = tool.matter({"N° dossier": "D1"}, Client=[tool.person(CLIENT)])
    assert tool.source().read(ref).fields == {"N° dossier": "D1"}
    assert len(tool.control.requests()) == 1


def test_the_linked_record_completes_the_record_whose_own_columns_win(tool: Tool) -> None:
    """By their meaning: two names of one field are one."""
    ref = tool.matter({"N° dossier": "D1", "Prénom du client": "Clara"}, Client=[tool.person(CLIENT)])
    assert tool.source(Client="").read(ref).fields == {
        "N° dossier": "D1",
        "Prénom du client": "Clara",
        "Nom": "Durand",
        "E-mail": "claire@example.com",
    }


def test_the_second_record_of_a_column_is_the_co_client(tool: Tool) -> None:
    ref = tool.matter({"N° dossier": "D1"}, Client=[tool.person(CLIENT), tool.person(SPOUSE)])
    spouse = {f"Co-client {column}": value for column, value in SPOUSE.items()}
    assert tool.source(Client="").read(ref).fields == {"N° dossier": "D1", **OF_CLIENT, **spouse}


def test_a_prefix_tells_one_person_from_another(tool: Tool) -> None:
    ref = tool.matter({"N° dossier": "D1"}, Client=[tool.person(CLIENT)], Avocat=[tool.person(LAWYER)])
    lawyer = {"Avocat Nom": "Martin", "Avocat Prénom": "Hélène"}
    read = tool.source(Client="", Avocat="Avocat").read(ref).fields
    assert read == {"N° dossier": "D1", **OF_CLIENT, **lawyer}


def test_two_links_that_say_two_things_are_refused_without_a_value(tool: Tool) -> None:
    ref = tool.matter({"N° dossier": "D1"}, Client=[tool.person(CLIENT)], Avocat=[tool.person(LAWYER)])
    with pytest.raises(Invalid) as caught:
        tool.source(Client="", Avocat="").read(ref)
    assert caught.value.code.endswith("_links_disagree")
    assert {error.path for error in caught.value.errors} == {"Nom", "Prénom"}
    assert "Durand" not in caught.value.detail
    settled = tool.matter(LAWYER, Client=[tool.person(CLIENT)], Avocat=[tool.person(LAWYER)])
    assert tool.source(Client="", Avocat="").read(settled).fields == OF_CLIENT | LAWYER


@pytest.mark.parametrize(("prefix", "count"), [("", 3), ("Avocat", 2), ("", 26)])
def test_a_person_too_many_is_refused_and_the_column_named(tool: Tool, prefix: str, count: int) -> None:
    ref = tool.matter({"N° dossier": "D1"}, Client=[tool.person(SPOUSE) for _ in range(count)])
    with pytest.raises(Invalid) as caught:
        tool.source(Client=prefix).read(ref)
    assert caught.value.code.endswith("_too_many_links")
    assert "« Client »" in caught.value.detail


def test_a_linked_record_that_is_gone_is_said_so_with_its_column(tool: Tool) -> None:
    ref = tool.matter({"N° dossier": "D1"}, Client=[tool.missing])
    with pytest.raises(NotFound) as caught:
        tool.source(Client="").read(ref)
    assert caught.value.code.endswith("_linked_not_found")
    assert "« Client »" in caught.value.detail


def test_a_linked_record_that_cannot_be_read_now_is_read_again(tool: Tool) -> None:
    person = tool.person(CLIENT)
    ref = tool.matter({"N° dossier": "D1"}, Client=[person])
    tool.delay_reading(person, status=503)
    with pytest.raises(Retryable):
        tool.source(Client="").read(ref)
    assert tool.source(Client="").read(ref).fields["Nom"] == "Durand"


def test_a_setting_that_names_another_column_is_said_so(tool: Tool) -> None:
    ref = tool.matter({"N° dossier": "D1"})
    with pytest.raises(Permanent) as caught:
        tool.source(**{"N° dossier": ""}).read(ref)
    assert "_LINKS" in caught.value.detail


def test_a_change_of_the_linked_record_is_a_change_of_the_record(tool: Tool) -> None:
    one, other = tool.person(CLIENT), tool.person(SPOUSE)
    versions = {
        tool.source(Client="").read(tool.matter({"N° dossier": "D1"}, Client=[who])).version
        for who in (one, other)
    }
    assert len(versions) == 2


@pytest.mark.parametrize(
    "text", ["", "[]", "Client", '{"Client": 3}', '{"Client": ["a", "b", "c"]}', '{"C": ""}', '{"C": ".."}']
)
def test_a_setting_of_another_shape_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError, match=r"attendu|table"):
        AirtableConfig.model_validate({"token": "pat", "links": text})
    if text not in ('{"C": ""}', '{"C": ".."}'):  # a prefix may be anything
        with pytest.raises(ValueError, match="attendu"):
            NotionConfig.model_validate({"token": "ntn", "links": text})
