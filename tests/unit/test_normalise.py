"""A whole record at once: columns are found, faults are all told, what does not hold together is refused."""

from __future__ import annotations

from typing import Any

import pytest

from domain.aliases import ALIASES
from domain.cabinet import EXAMPLE, Cabinet
from domain.errors import Invalid
from domain.normalise import normalise, read
from domain.normalise.columns import find, titles
from domain.normalise.text import fold
from domain.record_types import RegimeTva
from tests.unit.samples import NAMES, TODAY, faults, fields, record


@pytest.mark.parametrize("name", NAMES)
def test_each_sample_becomes_a_record_without_a_column_left_over(name: str) -> None:
    assert read(fields(name), None, TODAY).ignored == ()


@pytest.mark.parametrize("name", NAMES)
def test_normalising_a_normalised_record_changes_nothing(name: str) -> None:
    made = record(name)
    assert normalise(made.model_dump(mode="json"), None, TODAY) == made
    assert normalise(made.model_dump(), None, TODAY) == made


def test_no_column_name_means_two_fields() -> None:
    names = [fold(alias) for aliases in ALIASES.values() for alias in aliases]
    assert len(names) == len(set(names))
    assert set(ALIASES) <= set(titles())


@pytest.mark.parametrize("target", ALIASES)
def test_every_alias_and_every_id_is_found(target: str) -> None:
    assert {find(alias) for alias in ALIASES[target]} == {target}
    assert find(target) == target


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("civilite", "client.civilite"),
        ("CIVILITÉ", "client.civilite"),
        ("prenom", "client.prenoms"),
        ("E-mail", "client.email"),
        ("e mail", "client.email"),
        ("Tél.", "client.telephone"),
        ("N° dossier", "dossier.numero"),
        ("montant", "honoraires.forfait.ht"),
        ("Montant HT (€)", "honoraires.forfait.ht"),
        ("client.Prénom", "client.prenoms"),
        ("client.adresse.ville", "client.adresse.commune"),
        ("pm.siren", "client.siren"),
        ("fee.forfait.ht", "honoraires.forfait.ht"),
        ("Co-client prénom", "co_contractants.0.prenoms"),
        ("co_contractants.2.nom", "co_contractants.2.nom"),
        ("Couleur", None),
        ("", None),
        ("client.", None),
        (".", None),
    ],
)
def test_columns_are_found_whatever_their_case_accents_and_dots(column: str, target: str | None) -> None:
    assert find(column) == target


def test_a_record_may_come_nested_dotted_or_flat() -> None:
    flat = fields()
    dotted = {str(find(column)): value for column, value in flat.items()}
    nested: dict[str, Any] = {"client": {}}
    for path, value in dotted.items():
        if path.startswith("client.") and path.count(".") == 1:
            nested["client"][path.removeprefix("client.")] = value
        else:
            nested[path] = value
    assert normalise(dotted, None, TODAY) == normalise(nested, None, TODAY) == record()


def test_a_mapping_wins_over_the_usual_names() -> None:
    odd = fields(
        **{"Nom": "pas celui-ci", "Surname of the customer": "Durand", "Total": "12", "Montant": None}
    )
    mapping = {"surname of the CUSTOMER": "client.nom", "Total": "ignorer"}
    made = read(odd, mapping, TODAY)
    assert made.record == record()
    assert made.ignored == ()


def test_a_mapping_to_an_unknown_field_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        normalise(fields(), {"Nom": "client.surnom"}, TODAY)
    assert caught.value.code == "mapping_invalid"


def test_unknown_columns_are_named_and_what_the_hub_wrote_is_passed_over() -> None:
    made = read(
        fields(Couleur="bleu", **{"Statut convention": "sent", "Signée le": 3, "Archive": "x"}), None, TODAY
    )
    assert made.ignored == ("Couleur",)
    assert made.record == record()


def test_two_columns_for_one_field_must_agree() -> None:
    assert faults(fields(Courriel="claire.durand@example.com")) == {}
    assert faults(fields(Courriel="autre@example.com")) == {"client.email": "columns_disagree"}


def test_every_fault_is_told_at_once() -> None:
    told = faults(
        fields(
            **{
                "Civilité": "M. et Mme",
                "E-mail": "x",
                "Montant HT": "1.800",
                "Code postal": "7501",
                "Objet": None,
                "Taux TVA": "19,6 %",
                "Avocat e-mail": None,
                "Téléphone": "12",
            }
        )
    )
    assert told == {
        "client.civilite": "two_persons",
        "client.email": "email",
        "client.telephone": "phone",
        "client.adresse.code_postal": "postcode",
        "avocat.email": "missing",
        "mission.objet": "missing",
        "honoraires.forfait.ht": "amount_ambiguous",
        "tva.taux": "vat_rate",
    }


def test_faults_of_values_and_of_coherence_are_told_together() -> None:
    told = faults(
        fields(**{"Ville": None, "Avocat e-mail": "claire.durand@example.com", "Phases": "Tout : 900"})
    )
    assert told == {
        "client.adresse.commune": "missing",
        "avocat.email": "email_shared",
        "honoraires.forfait.phases": "phases_sum",
    }


def test_a_refusal_names_the_field_and_never_the_value() -> None:
    secret = "zzsecretzz"
    given = dict.fromkeys(fields(), secret) | {
        "Civilité": secret,
        "Nom": f"{secret}9",
        "Phases": f"{secret} : {secret}",
    }
    with pytest.raises(Invalid) as caught:
        normalise(given, None, TODAY)
    told = " ".join([caught.value.detail, *(f"{one.path} {one.detail}" for one in caught.value.errors)])
    assert secret not in told
    assert (
        "Client, e-mail : ce n'est pas une adresse valide ; écrivez-la sous la forme nom@domaine.fr." in told
    )


def test_an_empty_record_lists_what_an_agreement_needs() -> None:
    assert set(faults({}).values()) == {"missing"}
    assert {"client.nom", "client.email", "mission.objet", "honoraires.forfait.ht", "debours"} <= set(
        faults({})
    )


def test_empty_cells_are_missing_cells() -> None:
    blank = {"Téléphone": "\u200b ", "Calendrier": "", "Objet": [], "Ville": " \u00a0"}
    assert faults(fields(**blank)) == {
        "client.adresse.commune": "missing",
        "mission.calendrier": "missing",
        "mission.objet": "missing",
    }


def test_the_town_may_stand_at_the_end_of_the_address() -> None:
    for written in (
        "12 rue des Lilas\n75011 Paris",
        "12 rue des Lilas, 75011 Paris",
        "12 rue des Lilas 75011 PARIS, France",
    ):
        made = record(**{"Adresse": written, "Code postal": None, "Ville": None}).client.adresse
        assert (made.lignes, made.code_postal, made.commune.capitalize()) == (
            ("12 rue des Lilas",),
            "75011",
            "Paris",
        )
    assert record(Adresse="12 rue des Lilas, 75011 Paris") == record()
    assert faults(fields(Adresse="12 rue des Lilas, 69001 Lyon")) == {
        "client.adresse.lignes": "address_contradiction"
    }


def test_an_overseas_phone_is_understood_by_its_address() -> None:
    changes = {
        "Adresse": "1 rue X",
        "Code postal": "97110",
        "Ville": "Pointe-à-Pitre",
        "Téléphone": "0976 12 34 56",
    }
    assert record(**changes).client.telephone == "+590976123456"


def test_a_foreign_address_keeps_its_own_post_code() -> None:
    made = record(**{"Pays": "Belgique", "Code postal": 1000, "Ville": "Bruxelles"}).client.adresse
    assert (made.pays, made.code_postal) == ("BE", "1000")


def test_the_firm_completes_what_the_record_does_not_say() -> None:
    bare = fields(**{"Taux TVA": None, "Moyens de paiement": None})
    made = normalise(bare, None, TODAY, EXAMPLE.record_defaults())
    assert (str(made.tva.taux), made.paiement.moyens) == ("20.00", ("virement",))
    franchise = Cabinet(tva_regime=RegimeTva.FRANCHISE).record_defaults()
    exempt = normalise(bare | {"Échéances": None}, None, TODAY, franchise)
    assert (exempt.tva.regime, str(exempt.tva.taux)) == ("franchise_293B", "0.00")


def test_a_record_s_own_regime_is_not_mixed_with_the_firm_s_rate() -> None:
    bare = fields(**{"Taux TVA": None, "Régime de TVA": "franchise", "Échéances": None})
    assert str(normalise(bare, None, TODAY, EXAMPLE.record_defaults()).tva.taux) == "0.00"


def test_a_co_client_s_fault_is_labelled_with_its_rank() -> None:
    given = fields("epoux-payet", **{"Co-client nom": None})
    with pytest.raises(Invalid) as caught:
        normalise(given, None, TODAY)
    assert [one.detail for one in caught.value.errors] == [
        "Co-client 1, nom : l'information manque ; renseignez la colonne « Nom »."
    ]


def test_a_table_in_place_of_a_record_is_refused() -> None:
    assert faults(fields() | {f"Colonne {rank}": "x" for rank in range(500)}) == {"": "too_many_columns"}


@pytest.mark.parametrize("column", ["Protection juridique", "Dossier sensible", "Contentieux probable"])
def test_a_box_that_is_not_ticked_and_one_that_is_absent_make_one_record(column: str) -> None:
    unticked = normalise({**fields(), column: False}, None, TODAY)
    assert unticked.model_dump_json() == normalise(fields(), None, TODAY).model_dump_json()
