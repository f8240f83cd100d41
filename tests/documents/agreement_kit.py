"""One template over many records: what it prints, and what the law then misses in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from lxml import etree

from documents import blocks
from documents.merge import merge
from documents.package import DOCUMENT, W
from documents.pdf import compact, inspect
from documents.tags import TAG
from documents.template import DIRECTORY, Template, load
from domain import mentions
from domain.mentions import Clause
from domain.record import Record
from domain.signature import Level
from domain.wording import context
from tests.documents.agreements import CABINET, TODAY

WITHDRAWAL_PAGE = "https://conventions.lefevre-associes.example/r/conv_0304"
#: the French spacing that a plain space, or none, breaks
BAD_SPACING = re.compile("[ ][:;?!%»€]|[^\u00a0\u202f(][;?!»]|« |'|n° |  ")
#: what the head and the foot of each page repeat
RUNNING = re.compile(
    r"^Lefèvre & Associés\s*Convention d.honoraires$|Convention \S+ v1 – page \d+ sur \d+"
    r"|paraphe non requis.*",
    re.M,
)
BAD_REFERENCE = re.compile(r"\b([Aa]rticles? (?=\d)|[LRD]\. \d)")


def words(record: Mapping[str, Any]) -> dict[str, Any]:
    made = Record.model_validate(record)
    return context(made, CABINET, TODAY, "Yousign", "conv_0304", 1, Level.SIMPLE, WITHDRAWAL_PAGE)


#: what every agreement says, whatever it is about: lawyers read and change it once
SAME_WORDS = (
    "parties_client",
    "client_qualite",
    "representant_pouvoir",
    "parties_avocat",
    "provision",
    "modalites_paiement",
    "he_paiement_7_jours",
    "calendrier_execution",
    "information_evolution",
    "compte_detaille",
    "obligations_client",
    "secret_professionnel",
    "retract_droit_delai",
    "retract_modalites",
    "retract_effets",
    "retract_avis_type",
    "retract_formulaire",
    "exec_anticipee_demande",
    "exec_anticipee_perte",
    "pas_exec_avant_14j",
    "he_exemplaire_date",
    "he_support_durable",
    "distance_confirmation",
    "reclamation",
    "contestation_batonnier",
    "mediateur_consommation",
    "rgpd_notice",
    "sous_traitant_signature",
    "archivage_acces",
    "convention_preuve",
    "cabinet_mentions",
    "lieu_date",
    "signature_blocs",
)


class Agreements:
    """A template by name, and records by name."""

    def __init__(self, template: str, records: Mapping[str, Mapping[str, Any]]) -> None:
        self.name, self.records = template, records
        self._clauses: dict[str, tuple[Clause, ...]] = {}

    @cached_property
    def template(self) -> Template:
        return load(self.name)

    @property
    def docx(self) -> bytes:
        return (DIRECTORY / f"{self.name}.docx").read_bytes()

    def merged(self, name: str) -> bytes:
        return merge(self.template, words(self.records[name]))

    def clauses(self, name: str) -> tuple[Clause, ...]:
        if name not in self._clauses:
            found = blocks.read(self.merged(name))
            self._clauses[name] = tuple(Clause(block.mentions, block.text) for block in found)
        return self._clauses[name]

    def report(self, name: str, kept: tuple[Clause, ...] | None = None) -> mentions.Report:
        """Of all the clauses, or of those ``kept``."""
        record = self.records[name]
        said = self.clauses(name) if kept is None else kept
        return mentions.check(Record.model_validate(record), words(record), said, TODAY)

    def without(self, name: str, mention: str) -> tuple[Clause, ...]:
        return tuple(one for one in self.clauses(name) if mention not in one.mentions)

    def mentions(self, name: str) -> set[str]:
        return {mention for one in self.clauses(name) for mention in one.mentions}

    def applied(self, name: str) -> list[str]:
        """The mentions that the law wants of this record, and that its agreement makes."""
        lines = self.report(name).lines
        return sorted(line.id for line in lines if line.applies and line.present)

    def text(self, name: str) -> str:
        return " ".join(blocks.normalise(one.text) for one in self.clauses(name))

    def said_under(self, name: str, mention: str) -> str:
        return " ".join(blocks.normalise(one.text) for one in self.clauses(name) if mention in one.mentions)

    def announced(self) -> set[str]:
        manifest = self.template.manifest
        return {block.id for block in manifest.blocks} if manifest else set()

    def printed_by_any(self) -> set[str]:
        return {mention for name in self.records for one in self.clauses(name) for mention in one.mentions}

    def wordings(self) -> dict[str, list[str]]:
        """The clauses of the template itself, tags and all, by mention."""
        said: dict[str, list[str]] = {}
        for block in blocks.read(self.docx):
            for mention in block.mentions:
                said.setdefault(mention, []).append(blocks.normalise(block.text))
        return said

    def cut_short(self, name: str, pdf: bytes) -> list[str]:
        """What the clauses say and the pages do not show."""
        shown = compact(RUNNING.sub("", inspect(pdf).text.replace("\r", "")))
        return [phrase for phrase in self.phrases(name) if compact(phrase) not in shown]

    def phrases(self, name: str) -> list[str]:
        """Each cell, line and sentence of the clauses."""
        text = "\n".join(one.text for one in self.clauses(name) if "signature_blocs" not in one.mentions)
        return [part for part in re.split(r"\n|(?<=[.]) (?=[A-ZÀÉ])", text) if part.strip()]

    def paragraphs(self) -> Iterator[str]:
        """Of the template itself, with ``x`` for each of its tags."""
        with zipfile.ZipFile(io.BytesIO(self.docx)) as archive:
            root = etree.fromstring(archive.read(DOCUMENT))
        for paragraph in root.iter(f"{W}p"):
            yield TAG.sub("x", "".join(node.text or "" for node in paragraph.iter(f"{W}t")))
