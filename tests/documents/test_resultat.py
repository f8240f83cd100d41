from __future__ import annotations

import pytest

from connectors.converters.libreoffice import LibreOffice
from documents.pdf import inspect
from documents.template import check
from domain.mentions import Status
from tests.documents.agreement_kit import SAME_WORDS, WITHDRAWAL_PAGE, Agreements
from tests.documents.archivable import faults
from tests.documents.success import PARTIAL_AID, PRINTED, VARIANTS

SUCCESS = Agreements("resultat", VARIANTS)
AIDED = Agreements("resultat", {"aided": PARTIAL_AID})
FLAT_FEE = Agreements("forfait", {})
COURT = ("juridiction_instance", "voies_recours_exclues", "depens_art_700", "alea", "droits_timbres")


def test_the_template_may_be_used() -> None:
    assert check(SUCCESS.docx) == ()


@pytest.mark.parametrize("name", VARIANTS)
def test_nothing_that_the_law_wants_is_missing(name: str) -> None:
    made = SUCCESS.report(name)
    assert [(line.id, line.status) for line in (*made.blocking, *made.warnings)] == []


@pytest.mark.parametrize("name", PRINTED)
def test_a_clause_taken_away_is_missed_under_its_own_name(name: str) -> None:
    for mention in SUCCESS.applied(name):
        again = SUCCESS.report(name, SUCCESS.without(name, mention))
        assert mention in {line.id for line in (*again.blocking, *again.warnings)}


def test_every_clause_announced_is_printed_by_some_record() -> None:
    assert SUCCESS.announced() == SUCCESS.printed_by_any()


def test_under_partial_legal_aid_this_agreement_is_not_sent() -> None:
    missing = {line.id for line in AIDED.report("aided").blocking}
    assert {"aj_decision", "aj_part_etat", "aj_complement", "aj_communication_batonnier"} <= missing
    assert "aj_information" not in AIDED.mentions("aided")


def test_under_partial_legal_aid_a_fee_for_the_result_without_its_reserve_is_forbidden() -> None:
    made = AIDED.report("aided", AIDED.without("aided", "aj_sans_resultat"))
    assert ("aj_sans_resultat", Status.FORBIDDEN) in [(line.id, line.status) for line in made.blocking]


@pytest.mark.parametrize("name", VARIANTS)
def test_the_work_is_paid_whatever_comes_out(name: str) -> None:
    base = SUCCESS.said_under(name, "resultat_honoraire_base")
    assert "Il est dû quel que soit le résultat." in base
    fee = VARIANTS[name]["honoraires"]
    printed = "forfait_montant" if "forfait" in fee else "taux_horaire_intervenants"
    assert printed in SUCCESS.mentions(name)


@pytest.mark.parametrize(
    ("name", "mention", "phrase"),
    [
        ("injury", "resultat_honoraire_base", "2 880,00 € TTC"),
        ("injury", "resultat_assiette", "les sommes effectivement perçues par le Client"),
        ("injury", "resultat_assiette", "Sont compris dans cette base : les intérêts."),
        ("injury", "resultat_taux", "12 % TTC, soit 10 % HT"),
        ("injury", "resultat_taux", "ne peut dépasser 9 600,00 € TTC, soit 8 000,00 € HT"),
        ("injury", "resultat_exemple", "5 760,00 € TTC, soit 4 800,00 € HT"),
        ("injury", "resultat_exigibilite", "la décision n'est plus susceptible de recours"),
        ("injury", "resultat_exigibilite", "transitent par la CARPA"),
        ("injury", "resultat_dessaisissement", "Le résultat doit devenir irrévocable"),
        ("injury", "retract_frais_prorata", "Aucun honoraire de résultat n'est dû."),
        ("injury", "dessaisissement", "tableau de l'article « Honoraire de diligences »"),
        ("injury", "retract_fonction_ligne", WITHDRAWAL_PAGE),
        ("injury", "droits_timbres", "50,00 €"),
        ("injury", "aj_sans_resultat", "sauf si l'aide lui est ensuite retirée"),
        ("injury", "juridiction_instance", "Intérêt du litige 48 000,00 €"),
        ("tax claim", "resultat_taux", "de 50 000,00 € à 150 000,00 € 9,6 % TTC, soit 8 % HT"),
        ("tax claim", "resultat_taux", "déjà payé s'impute sur l'honoraire de résultat"),
        ("tax claim", "resultat_definition", "Le montant en jeu est de 182 400,00 €."),
        ("tax claim", "penalites_pro", "indemnité forfaitaire de 40 €"),
        ("tax claim", "dessaisissement", "le temps déjà passé, aux taux horaires convenus."),
        ("partners", "postulation", "Maître Anne KERVENO"),
        ("partners", "estimation_budget", "De 6 000,00 € à 9 000,00 € TTC"),
        ("aid withdrawn", "aj_information", "(décision n° C-44109-2025-00017) a été retirée"),
        ("before a court of its own", "droits_timbres", "aucun droit fixé par la loi n'est prévu"),
        ("no tax", "resultat_taux", "article 293 B du code général des impôts"),
    ],
)
def test_a_clause_says_what_the_record_calls_for(name: str, mention: str, phrase: str) -> None:
    assert phrase in SUCCESS.said_under(name, mention)


@pytest.mark.parametrize("name", VARIANTS)
def test_only_a_matter_before_a_court_brings_the_clauses_of_a_lawsuit(name: str) -> None:
    before_a_court = bool(VARIANTS[name]["contentieux"].get("juridiction"))
    assert SUCCESS.mentions(name).issuperset(COURT) is before_a_court
    assert SUCCESS.mentions(name).isdisjoint(COURT) is not before_a_court


@pytest.mark.parametrize("name", VARIANTS)
def test_no_consumer_reads_the_charge_reserved_to_professionals(name: str) -> None:
    consumer = VARIANTS[name]["client"]["qualite"] == "consommateur"
    assert ("indemnité forfaitaire" in SUCCESS.text(name)) is not consumer


@pytest.mark.parametrize("mention", SAME_WORDS)
def test_what_every_agreement_says_is_said_in_the_same_words(mention: str) -> None:
    assert SUCCESS.wordings()[mention] == FLAT_FEE.wordings()[mention]


@pytest.fixture(scope="module")
def printed(converter: LibreOffice) -> dict[str, bytes]:
    return {name: converter.convert(SUCCESS.merged(name)) for name in PRINTED}


@pytest.mark.parametrize("name", PRINTED)
def test_an_agreement_is_archivable(printed: dict[str, bytes], name: str) -> None:
    assert faults(printed[name]) == []


@pytest.mark.parametrize(("name", "most"), [("injury", 9), ("tax claim", 6), ("partners", 9)])
def test_an_agreement_stays_short(printed: dict[str, bytes], name: str, most: int) -> None:
    assert inspect(printed[name]).pages <= most


@pytest.mark.parametrize("name", PRINTED)
def test_the_page_shows_every_clause_whole(printed: dict[str, bytes], name: str) -> None:
    assert SUCCESS.cut_short(name, printed[name]) == []
