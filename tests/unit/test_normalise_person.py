"""Who signs: civilités, names, e-mail addresses, telephones; what is doubtful is asked again."""

from __future__ import annotations

from typing import Any

import pytest

from domain.normalise import person
from domain.normalise.contact import email, telephone
from tests.unit.refusals import refusal


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *(
            (one, "M")
            for one in ("M", "M.", "Mr", "Mr.", "Monsieur", "MONSIEUR", "monsieur ", "Sir", "Mister")
        ),
        *(
            (one, "MME")
            for one in ("Mme", "Mme.", "Mrs", "Ms", "Madame", "Mlle", "Mademoiselle", "Melle", "MME")
        ),
        *((one, "ME") for one in ("Me", "Me.", "Maître", "Maitre", "MAÎTRE")),
        *((one, "AUCUNE") for one in ("-", "N/A", "Mx", "n/a")),
    ],
)
def test_every_usual_civilite_is_understood(written: str, meant: str) -> None:
    assert person.civilite(written) == meant


@pytest.mark.parametrize(
    "written", ["M. et Mme", "Mr & Mme", "couple", "Mme et M.", "M. ou Mme", "Mr/Mme et Mlle"]
)
def test_two_persons_in_one_civilite_are_two_parties(written: str) -> None:
    assert refusal(person.civilite, written) == "two_persons"


@pytest.mark.parametrize("written", ["Dr", "Docteur", "Pr.", "Professeur"])
def test_a_title_is_not_a_civilite(written: str) -> None:
    assert refusal(person.civilite, written) == "title"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("DURAND", "Durand"),
        ("claire", "Claire"),
        ("jean-pierre", "Jean-Pierre"),
        ("ÉLOÏSE", "Éloïse"),
        ("DE LA TOUR", "de la Tour"),
        ("D'ALEMBERT", "d'Alembert"),
        ("d’ornano", "d’Ornano"),
        ("DE L'ISLE", "de l'Isle"),
        ("LE GOFF", "Le Goff"),
        ("VAN DEN BERG", "van den Berg"),
        ("O'NEIL", "O'Neil"),
        ("MCDONALD", "McDonald"),
        ("LE", "Le"),
        ("de La Tour", "de La Tour"),
        ("McDonald", "McDonald"),
        ("Du  Pont\u00a0", "Du Pont"),
        ("E\u0301loi\u0308se", "Éloïse"),
        ("Du\u200brand", "Durand"),
        ("Jean Baptiste", "Jean Baptiste"),
    ],
)
def test_names_keep_their_accents_particles_and_hyphens(written: str, kept: str) -> None:
    assert person.name(written) == kept
    assert person.name(kept) == kept


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Mme Durand", "civilite_in_name"),
        ("M. Durand", "civilite_in_name"),
        ("Jean et Marie", "two_persons"),
        ("Dupont & Fils", "two_persons"),
        ("R2D2", "not_a_name"),
        ("---", "not_a_name"),
        ("<b>Durand</b>", "not_a_name"),
        ("Дюран", "not_latin"),
        ("دوران", "right_to_left"),
        ("Dur\u202eand", "right_to_left"),
        ("Dur\ud800and", "unreadable"),
        ("{{ client }}", "template_code"),
        ("x" * 81, "too_long"),
        (True, "not_text"),
        (["Jean", "Marie"], "several_values"),
        ({"error": "#ERROR!"}, "cell_error"),
    ],
)
def test_what_is_not_one_name_is_refused(written: Any, code: str) -> None:
    assert refusal(person.name, written) == code


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Claire.Durand@Example.COM ", "Claire.Durand@example.com"),
        ("claire\u200b@example.com", "claire@example.com"),
        ("claire@élodie.fr", "claire@xn--lodie-9ra.fr"),
        (["claire@example.com"], "claire@example.com"),
    ],
)
def test_email_addresses_are_cleaned(written: Any, kept: str) -> None:
    assert email(written) == kept


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("élodie@example.com", "email_not_ascii"),
        ("a@b", "email"),
        ("a@b.fr; c@d.fr", "email"),
        ("Claire <a@b.fr>", "email"),
        ("a b@c.fr", "email"),
        ("a@[127.0.0.1]", "email"),
        ("@", "email"),
        (f"{'a' * 300}@b.fr", "email"),
    ],
)
def test_an_address_that_no_provider_takes_is_refused(written: str, code: str) -> None:
    assert refusal(email, written) == code


@pytest.mark.parametrize(
    "written",
    [
        "06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "+33 (0)6 12 34 56 78", "0033612345678",
        "33612345678", "612345678", 612345678, 612345678.0, "06\u202f12\u202f34\u202f56\u202f78",
        "06\u00a012\u00a034\u00a056\u00a078", "06\u200912\t34 56 78", "０６１２３４５６７８",
        "0612345678\u200e",
    ],
)  # fmt: skip
def test_french_mobiles_become_e164(written: Any) -> None:
    assert telephone(written, "75011") == "+33612345678"


@pytest.mark.parametrize(
    ("written", "postcode", "kept"),
    [
        ("0692 12 34 56", None, "+262692123456"),
        ("0690 12 34 56", "75011", "+590690123456"),
        ("0696 12 34 56", None, "+596696123456"),
        ("0694 12 34 56", None, "+594694123456"),
        ("0976 12 34 56", "97110", "+590976123456"),
        ("0976 12 34 56", "75011", "+33976123456"),
        ("06 12 34 56 78", "97400", "+33612345678"),
        ("+32 470 12 34 56", "75011", "+32470123456"),
    ],
)
def test_overseas_and_foreign_numbers_find_their_country(
    written: str, postcode: str | None, kept: str
) -> None:
    assert telephone(written, postcode) == kept


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("06 12 34 56 78 poste 12", "phone"),
        ("06 12 34 56 78 ext. 12", "phone"),
        ("06 12 34 56 78 / 07 12 34 56 78", "phone"),
        ("0700000000", "phone"),
        ("0596 12 34 56", "phone"),
        ("bonjour", "phone"),
        ("0976 12 34 56", "phone_ambiguous"),
    ],
)
def test_a_doubtful_number_is_asked_again(written: str, code: str) -> None:
    assert refusal(telephone, written, None) == code
