"""When each mention applies and how strongly, from the summary matrix of the domain reference (2.9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from domain.mentions import Clause, Line, Report, Severity, Status, check, read
from domain.mentions.bans import BANS
from domain.mentions.law import LAW
from domain.mentions.rule import Ban
from domain.mentions.table import RULES
from domain.record import Record
from tests.documents.agreements import COMPANY, CONSUMER
from tests.documents.litigation import NEIGHBOURS, ROOF

TODAY = date(2026, 11, 23)
HOURLY = ROOF["honoraires"]
SUCCESS = {
    "type": "forfait_resultat",
    "forfait": {"ht": "1000.00"},
    "resultat": {"taux": "8", "assiette": "economie"},
}
PROFESSIONAL = {**CONSUMER["client"], "qualite": "professionnel"}
SMALL = {**PROFESSIONAL, "effectif_5_ou_moins": True, "objet_hors_activite_principale": True}
NON_PROFESSIONAL = {**COMPANY["client"], "qualite": "non_professionnel", "forme": "association"}
OFFICE, DISTANCE, OFF_PREMISES = ({"mode": mode} for mode in ("cabinet", "distance", "hors_etablissement"))

#: the columns of the matrix: client, conclusion
COLUMNS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "C1": (CONSUMER["client"], OFFICE),
    "C2": (CONSUMER["client"], DISTANCE),
    "C3": (CONSUMER["client"], OFF_PREMISES),
    "NP": (NON_PROFESSIONAL, OFFICE),
    "PR": (PROFESSIONAL, OFFICE),
    "P5": (SMALL, OFF_PREMISES),
    "PM": (COMPANY["client"], OFFICE),
}
ALWAYS = (
    "parties_avocat", "parties_client", "client_qualite", "objet_mission", "honoraires_mode",
    "honoraires_montant", "frais_debours", "modalites_paiement", "information_evolution", "dessaisissement",
    "lieu_date", "signature_blocs", "rgpd_notice",
)  # fmt: skip
WITHDRAWAL = (
    "retract_droit_delai",
    "retract_modalites",
    "retract_formulaire",
    "retract_effets",
    "pas_exec_avant_14j",
)
UNFAIR = tuple(name for name, ban in BANS.items() if ban.blocks)
MATRIX: list[tuple[Iterable[str], str]] = [
    (ALWAYS, "B B B B B B B"),
    (["representant_pouvoir"], ". . . B . . B"),
    (["reclamation", "cabinet_mentions"], "B B B W . W ."),
    # 2.9 groups it with those two; mediation is a right of consumers alone (L. 611-1, L. 612-1), as 2.3 says
    (["mediateur_consommation"], "B B B . . . ."),
    (["contestation_batonnier"], "B B B W W W W"),
    (["duree_resiliation", "calendrier_execution", "archivage_acces", "compte_detaille"], "B B B W W W W"),
    (UNFAIR, "B B B B W B W"),
    (["interdit_quota_litis", "interdit_accord_assureur", "interdit_apport_affaires"], "B B B B B B B"),
    (["interdit_renonciation_retractation"], "B B B . . B ."),
    (["interdit_indemnite_40"], "B B B B . . ."),
    (["interdit_lien_rll"], "W W W . . . ."),
    (WITHDRAWAL, ". B B . . B ."),
    (["retract_avis_type"], ". W W . . W ."),
    (["he_paiement_7_jours", "he_support_durable", "he_exemplaire_date"], ". . B . . B ."),
    (["distance_confirmation"], ". B . . . . ."),
    (["reconnaissance_obligation_paiement", "recap_verification"], ". B W . . . ."),
]  # fmt: skip
HOURLY_MATRIX: list[tuple[Iterable[str], str]] = [
    (["taux_horaire_intervenants"], "B B B B B B B"),
    (["estimation_budget", "releve_temps_periodique", "unite_decompte", "seuil_alerte"], "B B B W W W W"),
    (["exclusions_mission", "avenant"], "W W W W W W W"),
    (["forfait_montant", "forfait_perimetre", "forfait_hors_perimetre", "forfait_phases"], ". . . . . . ."),
]
FLAT_MATRIX: list[tuple[Iterable[str], str]] = [
    (
        ["exclusions_mission", "avenant", "forfait_montant", "forfait_perimetre", "forfait_hors_perimetre"],
        "B B B B B B B",
    ),
    (["forfait_phases"], "W W W W W W W"),
    (["taux_horaire_intervenants", "estimation_budget"], ". . . . . . ."),
]
SUCCESS_MATRIX: list[tuple[Iterable[str], str]] = [
    (
        [name for name in RULES if name.startswith("resultat_") and name != "resultat_exemple"],
        "B B B B B B B",
    ),
    (["resultat_exemple"], "W W W . . . ."),
]


def report(column: str, context: dict[str, Any] | None = None, **changes: Any) -> Report:
    client, conclusion = COLUMNS[column]
    sections = {**CONSUMER, "client": client, "conclusion": conclusion, **changes}
    return check(Record.model_validate(sections), context or {}, [], TODAY)


def line(made: Report, mention: str) -> Line:
    return next(one for one in made.lines if one.id == mention)


def letter(one: Line) -> str:
    return "." if not one.applies else "B" if one.severity is Severity.BLOCKING else "W"


def cells(matrix: list[tuple[Iterable[str], str]]) -> list[tuple[str, str]]:
    return [(mention, row) for group, row in matrix for mention in group]


@pytest.mark.parametrize(("mention", "row"), cells(MATRIX))
def test_a_mention_applies_to_the_clients_that_the_law_says(mention: str, row: str) -> None:
    assert " ".join(letter(line(report(column), mention)) for column in COLUMNS) == row


@pytest.mark.parametrize(
    ("honoraires", "mention", "row"),
    [
        *((HOURLY, *cell) for cell in cells(HOURLY_MATRIX)),
        *(({"forfait": {"ht": "1000.00"}}, *cell) for cell in cells(FLAT_MATRIX)),
        *((SUCCESS, *cell) for cell in cells(SUCCESS_MATRIX)),
    ],
)
def test_a_mention_applies_to_the_fees_that_the_law_says(
    honoraires: dict[str, Any], mention: str, row: str
) -> None:
    found = " ".join(letter(line(report(column, honoraires=honoraires), mention)) for column in COLUMNS)
    assert found == row


EARLY = ("exec_anticipee_demande", "exec_anticipee_perte", "retract_frais_prorata", "forfait_phases")


@pytest.mark.parametrize("mention", EARLY)
def test_an_early_start_asks_for_more_of_who_may_withdraw(mention: str) -> None:
    early = {"debut_immediat": True}
    row = [letter(line(report(c, conclusion={**COLUMNS[c][1], **early}), mention)) for c in COLUMNS]
    without = "W" if mention == "forfait_phases" else "."
    assert row == [without, "B", "B", without, without, "B", without]


def test_an_early_start_takes_away_the_promise_to_wait() -> None:
    early = report("C2", conclusion={"mode": "distance", "debut_immediat": True})
    assert not line(early, "pas_exec_avant_14j").applies


@pytest.mark.parametrize(
    ("today", "online", "applies"),
    [
        (date(2026, 6, 18), True, False),
        (date(2026, 6, 19), True, True),
        (TODAY, False, False),
    ],
)
def test_the_online_withdrawal_is_owed_from_its_day_on(today: date, online: bool, applies: bool) -> None:
    asked = {**CONSUMER, "conclusion": {"mode": "distance", "interface_en_ligne": online}}
    made = check(Record.model_validate(asked), {}, [], today)
    assert line(made, "retract_fonction_ligne").applies is applies


@pytest.mark.parametrize(
    "mention", [name for name in RULES if name.startswith("aj_") and name != "aj_information"]
)
def test_legal_aid_asks_for_its_mentions_only_when_partial(mention: str) -> None:
    for status in ("aucun", "demandee", "retiree", "totale"):
        assert not line(report("C1", aj={"statut": status}), mention).applies
    partial = line(report("C1", aj=NEIGHBOURS["aj"]), mention)
    assert letter(partial) == ("W" if mention == "aj_retrait" else "B")


def test_under_full_legal_aid_no_fee_may_be_asked() -> None:
    fee = [Clause(("honoraires_montant",), "Mille euros")]
    for status, found in (("totale", Status.FORBIDDEN), ("partielle", Status.NOT_APPLICABLE)):
        record = Record.model_validate({**CONSUMER, "aj": {"statut": status}})
        assert line(check(record, {}, fee, TODAY), "interdit_aj_totale_honoraire").status is found


@pytest.mark.parametrize(
    ("mention", "said"),
    [
        ("juridiction_instance", "B"), ("voies_recours_exclues", "B"), ("depens_art_700", "W"), ("alea", "W"),
        ("modes_amiables", "W"), ("procedure_amiable_option", "W"), ("aj_information", "W"),
        ("livrables", "."), ("hypotheses_limites", "."),
    ],
)  # fmt: skip
def test_a_lawsuit_asks_for_its_mentions(mention: str, said: str) -> None:
    assert letter(line(report("C1", matter={"family": "contentieux"}), mention)) == said
    assert letter(line(report("C1"), mention)) == "."


@pytest.mark.parametrize(
    ("mention", "said"),
    [("livrables", "B"), ("hypotheses_limites", "W"), ("destinataires_usage", "W"), ("redaction_acte", ".")],
)
def test_advice_asks_for_its_mentions(mention: str, said: str) -> None:
    assert letter(line(report("C1", matter={"family": "conseil"}), mention)) == said


@pytest.mark.parametrize(
    ("mention", "sections", "said"),
    [
        ("redaction_acte", {"matter": {"family": "conseil", "redaction_acte": True}}, "W"),
        ("postulation", {"matter": {"family": "contentieux", "postulation": "Maître Roy, 480 €"}}, "W"),
        ("lcbft", {"lcbft": {"applicable": True}}, "W"),
        ("lcbft", {}, "."),
        ("protection_juridique", {"pj": {"interroge": True}}, "W"),
        ("protection_juridique", {"pj": {"interroge": True, "active": True}}, "B"),
        ("protection_juridique", {"pj": {}}, "."),
        ("provision", {"provision": None}, "."),
        ("provision", {"provision": {"ht": "100.00"}}, "B"),
        ("contestation_batonnier", {"client": PROFESSIONAL, "aj": NEIGHBOURS["aj"]}, "B"),
    ],
)
def test_a_mention_follows_what_the_record_says(mention: str, sections: dict[str, Any], said: str) -> None:
    assert letter(line(report("C1", **sections), mention)) == said


def test_court_dues_must_be_told_when_some_are_due() -> None:
    assert letter(line(report("C1"), "droits_timbres")) == "."
    due = report("C1", {"droits": [{"libelle": "Contribution", "montant": "50,00 €"}]})
    assert letter(line(due, "droits_timbres")) == "B"


def test_the_most_protected_of_several_clients_decides() -> None:
    mixed = report("PM", co_contractants=[CONSUMER["client"]], conclusion=DISTANCE)
    for mention in ("mediateur_consommation", "retract_formulaire", "representant_pouvoir"):
        assert letter(line(mixed, mention)) == "B"


def test_the_law_and_the_rules_know_the_same_mentions() -> None:
    assert set(LAW.mentions) == set(RULES)


@pytest.mark.parametrize("mention", RULES)
def test_a_severity_that_depends_has_its_rule_and_no_other_has(mention: str) -> None:
    assert (RULES[mention].blocks is not None) is (LAW.mentions[mention].severity == "depends")


def test_every_wording_that_a_rule_names_is_in_the_law() -> None:
    named = {name for rule in RULES.values() for name in rule.wordings}
    assert named <= set(LAW.wordings)


def test_a_statutory_amount_ends_with_its_last_day() -> None:
    last, next_day = (LAW.amount("droit_appel", day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert last is not None
    assert str(last.value) == "225.00"
    assert next_day is None
    with pytest.raises(KeyError):
        LAW.amount("droit_inconnu", TODAY)


def test_a_report_is_read_back_as_it_was_written() -> None:
    made = report("C2")
    assert read(made.as_data()) == made
    assert made.checked == sum(one.applies for one in made.lines)
    assert {error.path for error in made.errors()} == {one.id for one in made.blocking}
    forbidden = {name for name, rule in RULES.items() if isinstance(rule, Ban)}
    assert not {one.id for one in made.blocking} & forbidden
    assert all(one.status is Status.MISSING for one in made.blocking)
