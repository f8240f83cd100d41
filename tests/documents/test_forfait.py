"""The forfait agreement, rendered by the real office: complete, valid PDF/A, and laid out as it should be."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
import pytest
from pypdfium2 import raw

from connectors.converters.libreoffice import LibreOffice
from documents import blocks
from documents.merge import merge
from documents.pdf import Inspection, compact, require
from documents.template import Template, available, load
from domain.wording import context_names
from tests.documents.agreements import ALL, COMPANY, CONSUMER, COUPLE, must_print, words
from tests.documents.archivable import faults

FORFAIT = load("forfait")
HEADING = re.compile(r"^(Article\s\d+\s–|Préambule|Signatures|Début de la mission)")
#: what every agreement must carry (domain reference, core mentions and those of a forfait)
ALWAYS = {
    "parties_avocat",
    "parties_client",
    "client_qualite",
    "objet_mission",
    "exclusions_mission",
    "honoraires_mode",
    "honoraires_montant",
    "prix_ht_tva_ttc",
    "frais_debours",
    "modalites_paiement",
    "information_evolution",
    "compte_detaille",
    "dessaisissement",
    "duree_resiliation",
    "calendrier_execution",
    "reclamation",
    "contestation_batonnier",
    "cabinet_mentions",
    "secret_professionnel",
    "rgpd_notice",
    "sous_traitant_signature",
    "convention_preuve",
    "archivage_acces",
    "avenant",
    "lieu_date",
    "signature_blocs",
    "forfait_montant",
    "forfait_perimetre",
    "forfait_hors_perimetre",
    "obligations_client",
}
WITHDRAWAL = {
    "retract_droit_delai",
    "retract_modalites",
    "retract_effets",
    "retract_avis_type",
    "retract_formulaire",
}
EARLY = {"exec_anticipee_demande", "exec_anticipee_perte", "retract_frais_prorata"}
OFF_PREMISES = {"he_paiement_7_jours", "he_exemplaire_date", "he_support_durable"}
DISTANCE = {"distance_confirmation"}
AWAY = {"reconnaissance_obligation_paiement", "recap_verification"}


def mentions(values: dict[str, Any]) -> set[str]:
    return {
        mention for block in blocks.read(merge(FORFAIT, values)) for mention in block.mentions if block.text
    }


def rendered(converter: LibreOffice, record: dict[str, Any], **replaced: Any) -> tuple[bytes, Inspection]:
    values = words(record, **replaced)
    pdf = converter.convert(merge(FORFAIT, values))
    return pdf, require(pdf, must_print(record), [signer["ancre"] for signer in values["signataires"]])


@pytest.mark.parametrize("name", ALL)
def test_it_is_pdf_a_2b_and_prints_the_parties(converter: LibreOffice, name: str) -> None:
    pdf, _found = rendered(converter, ALL[name])
    assert faults(pdf) == []


@pytest.mark.parametrize("name", ALL)
def test_every_word_given_is_printed(converter: LibreOffice, name: str) -> None:
    """Each text of the clauses, in order, is in the PDF: the conversion lost nothing."""
    _pdf, found = rendered(converter, ALL[name])
    pages = [compact(text) for text in found.texts]
    whole = "".join(pages)
    for block in blocks.read(merge(FORFAIT, words(ALL[name]))):
        for line in filter(None, block.text.split("\n")):
            tail = compact(line)
            assert tail in whole or any(cut(tail, one, two) for one, two in pairwise(pages)), line
    assert "{%" not in found.text


def cut(text: str, first: str, second: str) -> bool:
    """Whether a page ends within this text."""
    return any(text[:at] in first and text[at:] in second for at in range(10, len(text) - 10))


def test_the_mentions_follow_the_case() -> None:
    consumer, company, couple = (mentions(words(record)) for record in (CONSUMER, COMPANY, COUPLE))
    for found in (consumer, company, couple):
        assert found >= ALWAYS
    assert consumer >= {
        *WITHDRAWAL,
        *EARLY,
        *DISTANCE,
        *AWAY,
        "mediateur_consommation",
        "provision",
        "forfait_phases",
    }
    assert not consumer & OFF_PREMISES
    assert couple >= {*WITHDRAWAL, *OFF_PREMISES, *AWAY, "pas_exec_avant_14j", "mediateur_consommation"}
    assert not couple & (EARLY | DISTANCE)
    assert "representant_pouvoir" in company
    assert not company & {
        *WITHDRAWAL,
        *EARLY,
        *OFF_PREMISES,
        *DISTANCE,
        *AWAY,
        "mediateur_consommation",
        "provision",
    }


def test_the_card_and_the_vocabulary_match_the_document() -> None:
    assert FORFAIT.manifest is not None
    assert "avocat" in FORFAIT.manifest.avertissement
    assert {block.id for block in FORFAIT.manifest.blocks if block.statutory} >= WITHDRAWAL
    assert set(FORFAIT.fields) <= context_names()
    assert "forfait" in available()


def test_the_annexes_begin_their_own_pages_after_the_signatures(converter: LibreOffice) -> None:
    _pdf, found = rendered(converter, CONSUMER)
    first_words = [compact(text)[:200] for text in found.texts]
    signatures = next(rank for rank, text in enumerate(found.texts) if "{{s1|" in text)
    assert "ANNEXER1" in first_words[signatures + 1]
    assert "ANNEXER2" in first_words[signatures + 2]
    assert found.pages == signatures + 3


def test_the_footer_counts_the_pages(converter: LibreOffice) -> None:
    _pdf, found = rendered(converter, CONSUMER)
    for rank, text in enumerate(found.texts, 1):
        assert compact(f"Convention 2026-0147 v1 – page {rank} sur {found.pages}") in compact(text)


@pytest.mark.parametrize("lines", range(1, 16))
def test_no_heading_is_left_alone_at_the_foot_of_a_page(converter: LibreOffice, lines: int) -> None:
    """Whatever the length of what comes before."""
    record = COMPANY if lines % 2 else CONSUMER
    mission = {
        **words(record)["mission"],
        "diligences": [f"Prestation numéro {rank}" for rank in range(lines)],
    }
    _pdf, found = rendered(converter, record, mission=mission)
    for text in found.texts:
        body = [line.strip() for line in text.splitlines() if line.strip() not in ("", "Lefèvre & Associés")]
        body = [line for line in body if not line.startswith(("Convention 2026", "paraphe non requis"))]
        assert not HEADING.match(body[-1]), body[-1]


@dataclass(frozen=True)
class Anchor:
    page: int
    text: str
    left: float
    top: float  # from the bottom of the page, in points
    colour: tuple[int, ...]


def anchors(pdf: bytes) -> list[Anchor]:
    """Where each anchor stands and how it is painted."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for rank, sheet in enumerate(document):
        text_page = sheet.get_textpage()
        text = text_page.get_text_range()
        for match in re.finditer(r"\{\{s\d+\|signature\|180\|60\}\}", text):
            boxes = [text_page.get_charbox(at) for at in range(*match.span())]
            assert len({round(box[1]) for box in boxes}) <= 2, "the anchor is on one line"
            red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
            raw.FPDFText_GetFillColor(text_page, match.start(), red, green, blue, alpha)
            colour = tuple(part.value for part in (red, green, blue, alpha))
            found.append(Anchor(rank, match[0], boxes[0][0], max(box[3] for box in boxes), colour))
    return found


@pytest.mark.parametrize("name", ALL)
def test_every_signer_has_an_anchor_in_white_with_room_for_the_signature(
    converter: LibreOffice, name: str
) -> None:
    values = words(ALL[name])
    pdf, _found = rendered(converter, ALL[name])
    placed = anchors(pdf)
    assert [anchor.text for anchor in placed] == [signer["ancre"] for signer in values["signataires"]]
    assert len({anchor.page for anchor in placed}) == 1, "the signatures are together"
    for anchor, following in zip(placed, [*placed[1:], None], strict=True):
        assert anchor.colour == (255, 255, 255, 255)
        assert anchor.left + 180 < 595 - 40
        assert anchor.top - 60 > (following.top if following else 60), "60 points high, nothing under it"


def test_ten_signers_all_have_their_place(converter: LibreOffice) -> None:
    signers = [
        {
            "key": f"s{rank}",
            "nom_complet": f"Madame Prénom{rank} NOM",
            "qualite": "Client",
            "ancre": f"{{{{s{rank}|signature|180|60}}}}",
        }
        for rank in range(1, 11)
    ]
    pdf, _found = rendered(converter, CONSUMER, signataires=signers)
    placed = anchors(pdf)
    assert [anchor.text for anchor in placed] == [signer["ancre"] for signer in signers]
    assert all(anchor.top - 60 > 60 for anchor in placed)


def test_a_firm_without_tax_says_so_and_shows_no_ttc(converter: LibreOffice) -> None:
    _pdf, found = rendered(converter, COMPANY)
    assert found.holds("TVA non applicable, article 293 B du code général des impôts")
    assert "TTC" not in found.text


def test_the_fonts_are_those_that_keep_words_line_breaks(converter: LibreOffice) -> None:
    pdf, _found = rendered(converter, CONSUMER)
    assert {name.decode() for name in re.findall(rb"/FontName/[A-Z]{6}\+([A-Za-z]+)", pdf)} == {
        "Caladea",
        "Carlito",
    }


def test_the_template_is_a_loaded_template() -> None:
    assert isinstance(FORFAIT, Template)
    assert FORFAIT.name == "forfait"
