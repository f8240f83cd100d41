"""How presence is shown: by named clauses, and by what they print."""

from __future__ import annotations

from datetime import date

import pytest

from domain.mentions import Clause, Line, Method, Report, Severity, Status, check, check_text
from domain.mentions.printed import is_in, plain
from domain.record import Record
from domain.wording import context
from tests.documents.agreements import CABINET, CONSUMER

TODAY = date(2026, 11, 23)
RECORD = Record.model_validate(CONSUMER)
WORDS = context(RECORD, CABINET, TODAY, "Yousign", "conv_1", 1)


def report(*clauses: tuple[str, str]) -> Report:
    return check(RECORD, WORDS, [Clause(tuple(ids.split(";")), text) for ids, text in clauses], TODAY)


def line(made: Report, mention: str) -> Line:
    return next(one for one in made.lines if one.id == mention)


def status(mention: str, *clauses: tuple[str, str]) -> Status:
    return line(report(*clauses), mention).status


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1 800,00 €", "Le prix est de 1\u202f800,00\u00a0€ HT."),
        ("1 800,00 €", "Phase 1\n1\u202f800,00\u00a0€"),
        ("600,00 €", "Phase 1 600,00 €"),
        ("Rédaction de l'acte", "La rédaction\nRédaction de l’acte,"),
        ("Éléonore", "E\u0301le\u0301onore"),
        ("20 %", "au taux de 20\u00a0%."),
        ("(a.b)*", "x (a.b)* y"),
        ("{{s1|signature|180|60}}", "{{s1|signature|180|60}}"),
    ],
)
def test_a_value_is_found_whatever_its_spaces_and_apostrophes(value: str, text: str) -> None:
    assert is_in(value, plain(text))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("800,00 €", "1\u202f800,00\u00a0€"),
        ("50 %", "33,50\u00a0%"),
        ("12", "12,5"),
        ("174", "1741"),
        ("Paris", "Parisot"),
        ("Roy", "Leroy"),
        ("", "anything"),
        ("  ", "anything"),
        ("durand", "DURAND"),
    ],
)
def test_a_part_of_something_else_is_not_the_value(value: str, text: str) -> None:
    assert not is_in(value, plain(text))


def test_a_clause_is_known_by_its_id_and_not_by_its_words() -> None:
    words = "L'avocat est tenu au secret professionnel."
    assert status("secret_professionnel", ("secret_professionnel", words)) is Status.OK
    assert status("secret_professionnel", ("alea", words)) is Status.MISSING


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0\u202f"])
def test_a_clause_that_says_nothing_is_missing(text: str) -> None:
    assert status("secret_professionnel", ("secret_professionnel", text)) is Status.MISSING


def test_a_clause_carries_several_mentions_and_tells_its_rank() -> None:
    made = report(("libelle", "Titre"), ("avenant;secret_professionnel", "Texte"))
    assert (line(made, "avenant").status, line(made, "avenant").where) == (Status.OK, 2)
    assert line(made, "secret_professionnel").where == 2


def test_a_value_counts_only_in_its_own_clause() -> None:
    amount = WORDS["honoraires"]["forfait_ttc"]
    assert status("honoraires_montant", ("honoraires_montant", f"Soit {amount} TTC")) is Status.OK
    elsewhere = [("honoraires_montant", "Un prix convenu"), ("forfait_montant", f"Soit {amount} TTC")]
    assert status("honoraires_montant", *elsewhere) is Status.VALUE_MISSING


def test_a_consumer_must_read_the_price_with_tax() -> None:
    before = WORDS["honoraires"]["forfait_ht"]
    assert status("honoraires_montant", ("honoraires_montant", f"Soit {before} HT")) is Status.VALUE_MISSING


def test_a_company_is_only_advised_to_read_the_price_with_tax() -> None:
    company = {
        "type": "pm", "qualite": "personne_morale", "denomination": "X", "forme": "SAS", "siren": "732829320",
        "representant": {"prenoms": "A", "nom": "B", "qualite": "gérant"},
        "adresse": CONSUMER["client"]["adresse"], "email": "a@b.example",
    }  # fmt: skip
    record = Record.model_validate({**CONSUMER, "client": company})
    words = context(record, CABINET, TODAY, "Yousign", "conv_1", 1)
    fee = words["honoraires"]
    text = f"{fee['forfait_ht']} HT, TVA {fee['taux_tva']}"
    found = line(check(record, words, [Clause(("prix_ht_tva_ttc",), text)], TODAY), "prix_ht_tva_ttc")
    assert (found.status, found.severity) == (Status.ADVISED, Severity.WARNING)
    whole = line(
        check(record, words, [Clause(("prix_ht_tva_ttc",), f"{text}, {fee['forfait_ttc']}")], TODAY),
        "prix_ht_tva_ttc",
    )
    assert (whole.status, whole.severity) == (Status.OK, Severity.BLOCKING)


def test_the_words_of_the_law_must_stand_in_the_clause() -> None:
    right = ("retract_droit_delai", "Le Client dispose de quatorze jours pour se rétracter.")
    assert status("retract_droit_delai", right) is Status.OK
    wrong = ("retract_droit_delai", "Le Client dispose de dix jours pour se rétracter.")
    assert status("retract_droit_delai", wrong) is Status.VALUE_MISSING


def test_every_client_must_be_named() -> None:
    other = {**CONSUMER["client"], "prenoms": "Hugo", "nom": "Petit", "email": "hugo@petit.example"}
    record = Record.model_validate({**CONSUMER, "co_contractants": [other]})
    words = context(record, CABINET, TODAY, "Yousign", "conv_1", 1)
    one = Clause(("parties_client",), f"{words['client']['nom_complet']} {words['client']['adresse']}")
    assert line(check(record, words, [one], TODAY), "parties_client").status is Status.VALUE_MISSING
    two = Clause(("parties_client",), f"Monsieur Hugo PETIT {words['client']['adresse']} Madame")
    named = words["co_contractants"][0]["nom_complet"]
    both = [one, Clause(two.mentions, f"{named} {words['co_contractants'][0]['adresse']}")]
    assert line(check(record, words, both, TODAY), "parties_client").status is Status.OK


def test_a_forbidden_clause_stops_the_sending() -> None:
    made = report(("interdit_quota_litis", "Rien n'est dû sans résultat."))
    found = line(made, "interdit_quota_litis")
    assert (found.status, found.present, found.where) == (Status.FORBIDDEN, True, 1)
    assert found in made.blocking
    error = next(error for error in made.errors() if error.path == "interdit_quota_litis")
    assert (error.code, found.article in error.detail) == ("mention_forbidden", True)


def test_a_consumer_is_never_asked_what_only_professionals_owe() -> None:
    assert status("interdit_indemnite_40", ("penalites_pro", "40 €")) is Status.FORBIDDEN


def test_the_closed_platform_is_caught_by_its_address() -> None:
    old = ("mediateur_consommation", "Voir https://ec.europa.eu/consumers/odr")
    assert line(report(old), "interdit_lien_rll") in report(old).warnings


def test_a_free_clause_is_told_to_be_read_again() -> None:
    made = report(("libre", "Une clause à nous."))
    assert "clause_libre_a_relire" in [one.id for one in made.warnings]


def test_a_report_holds_nothing_personal() -> None:
    made = str(report(("parties_client", "Madame Claire DURAND")).as_data()).casefold()
    for word in ("durand", "madame", "nantes", "succession", "lefèvre"):
        assert word not in made


def test_an_unnamed_text_proves_what_is_printed_and_says_what_it_cannot_prove() -> None:
    client, fee = WORDS["client"], WORDS["honoraires"]
    text = f"{client['nom_complet']}, {client['adresse']}\nPrix : {fee['forfait_ttc']}"
    made = check_text(RECORD, WORDS, text, TODAY)
    assert made.method is Method.TEXT
    assert line(made, "parties_client").status is Status.OK
    assert line(made, "parties_client").present
    assert line(made, "honoraires_montant").status is Status.OK
    assert line(made, "objet_mission") in made.blocking
    unknown = line(made, "dessaisissement")
    assert (unknown.status, unknown.severity, unknown.present) == (Status.UNVERIFIED, Severity.WARNING, False)
    assert unknown in made.warnings
