from __future__ import annotations

import pytest

from connectors.converters.libreoffice import LibreOffice
from documents.pdf import inspect
from documents.template import check
from domain.mentions import Status
from tests.documents.advice import PRINTED, VARIANTS
from tests.documents.agreement_kit import SAME_WORDS, WITHDRAWAL_PAGE, Agreements
from tests.documents.archivable import faults

ADVICE = Agreements("conseil", VARIANTS)
FLAT_FEE = Agreements("forfait", {})


def test_the_template_may_be_used() -> None:
    assert check(ADVICE.docx) == ()


@pytest.mark.parametrize("name", VARIANTS)
def test_nothing_that_the_law_wants_is_missing(name: str) -> None:
    made = ADVICE.report(name)
    assert [(line.id, line.status) for line in (*made.blocking, *made.warnings)] == []


@pytest.mark.parametrize("name", PRINTED)
def test_a_clause_taken_away_is_missed_under_its_own_name(name: str) -> None:
    for mention in ADVICE.applied(name):
        again = ADVICE.report(name, ADVICE.without(name, mention))
        assert mention in {line.id for line in (*again.blocking, *again.warnings)}


def test_every_clause_announced_is_printed_by_some_record() -> None:
    assert ADVICE.announced() == ADVICE.printed_by_any()


def test_without_a_deliverable_advice_is_not_sent() -> None:
    opinion = VARIANTS["opinion"]
    bare = Agreements(
        "conseil", {"bare": {**opinion, "mission": {**opinion["mission"], "livrables": []}}}
    ).report("bare")
    assert [line.id for line in bare.blocking] == ["livrables"]


@pytest.mark.parametrize(
    ("name", "mention", "phrase"),
    [
        ("opinion", "livrables", "avec un résumé d'une page trois semaines"),
        ("opinion", "livrables", "Tableau comparatif des deux scénarios selon le calendrier"),
        ("opinion", "hypotheses_limites", "elles ne réduisent pas la responsabilité de l'Avocat"),
        ("opinion", "objet_mission", "La comparaison de deux scénarios de partage"),
        ("opinion", "taux_horaire_intervenants", "Avocat collaborateur 228,00 € 190,00 €"),
        ("opinion", "estimation_budget", "pour 8 à 12 heures de travail"),
        ("opinion", "seuil_alerte", "approchent de 3 000,00 € TTC, soit 2 500,00 € HT"),
        ("opinion", "retract_fonction_ligne", WITHDRAWAL_PAGE),
        ("opinion", "retract_frais_prorata", "doit les honoraires du temps déjà passé"),
        ("opinion", "dessaisissement", "le temps déjà passé, aux taux horaires convenus."),
        ("general terms", "forfait_phases", "Contrat-cadre de distribution 55,56 % 3 600,00 € 3 000,00 €"),
        ("general terms", "redaction_acte", "L'Avocat conseille le Client seul."),
        ("general terms", "lcbft", "le bénéficiaire effectif"),
        ("general terms", "dessaisissement", "selon le tableau de l'article « Prix »"),
        ("founders", "redaction_acte", "veille à l'équilibre de leurs intérêts"),
        ("founders", "he_paiement_7_jours", "un délai de sept jours"),
        ("insured", "protection_juridique", "auprès de Garantie Mutuelle"),
        ("no tax", "prix_ht_tva_ttc", "article 293 B du code général des impôts"),
    ],
)
def test_a_clause_says_what_the_record_calls_for(name: str, mention: str, phrase: str) -> None:
    assert phrase in ADVICE.said_under(name, mention)


@pytest.mark.parametrize("name", VARIANTS)
def test_the_charge_for_late_payment_is_only_for_those_who_all_act_for_their_business(name: str) -> None:
    in_business = name in ("general terms", "self-employed", "small professional")
    assert ("indemnité forfaitaire de 40 €" in ADVICE.text(name)) is in_business
    assert ("penalites_pro" in ADVICE.mentions(name)) is in_business


def test_the_charge_for_late_payment_printed_for_a_consumer_stops_the_sending() -> None:
    charge = [one for one in ADVICE.clauses("general terms") if "penalites_pro" in one.mentions]
    made = ADVICE.report("opinion", (*ADVICE.clauses("opinion"), *charge))
    assert [(line.id, line.status) for line in made.blocking] == [("interdit_indemnite_40", Status.FORBIDDEN)]


@pytest.mark.parametrize("name", VARIANTS)
def test_the_fee_is_by_the_hour_or_flat_never_both(name: str) -> None:
    hourly = "horaire" in VARIANTS[name]["honoraires"]
    assert ("taux_horaire_intervenants" in ADVICE.mentions(name)) is hourly
    assert ("forfait_montant" in ADVICE.mentions(name)) is not hourly


@pytest.mark.parametrize("mention", SAME_WORDS)
def test_what_every_agreement_says_is_said_in_the_same_words(mention: str) -> None:
    assert ADVICE.wordings()[mention] == FLAT_FEE.wordings()[mention]


@pytest.fixture(scope="module")
def printed(converter: LibreOffice) -> dict[str, bytes]:
    return {name: converter.convert(ADVICE.merged(name)) for name in PRINTED}


@pytest.mark.parametrize("name", PRINTED)
def test_an_agreement_is_archivable(printed: dict[str, bytes], name: str) -> None:
    assert faults(printed[name]) == []


@pytest.mark.parametrize(("name", "most"), [("opinion", 8), ("general terms", 5), ("founders", 8)])
def test_an_agreement_stays_short(printed: dict[str, bytes], name: str, most: int) -> None:
    assert inspect(printed[name]).pages <= most


@pytest.mark.parametrize("name", PRINTED)
def test_the_page_shows_every_clause_whole(printed: dict[str, bytes], name: str) -> None:
    assert ADVICE.cut_short(name, printed[name]) == []
