"""Who is bound by a convention: natural persons, legal persons, the lawyer (data dictionary 3.4 to 3.6)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.record_types import Civilite, Euros, Forme, Line, Purpose, Qualite, Section, about

P1, P2, P3, P4 = Purpose.CONTRACT, Purpose.LEGAL, Purpose.PROOF, Purpose.SIGNING
E164 = r"^\+[1-9][0-9]{6,14}$"


class Adresse(Section):
    lignes: Annotated[tuple[Line, ...], about("adresse", P1, min_length=1, max_length=5)]
    code_postal: Annotated[str, about("code postal", P1, min_length=2, max_length=12)]
    commune: Annotated[Line, about("ville", P1)]
    pays: Annotated[str, about("pays", P1, pattern=r"^[A-Z]{2}$")] = "FR"  # ISO 3166-1 alpha-2


class PersonnePhysique(Section):
    type: Annotated[Literal["pp"], about("type de client", P1)] = "pp"
    qualite: Annotated[Literal[Qualite.CONSOMMATEUR, Qualite.PROFESSIONNEL], about("qualité", P2)]
    civilite: Annotated[Civilite, about("civilité", P1)] = Civilite.AUCUNE
    prenoms: Annotated[str, about("prénom", P1, min_length=1, max_length=80)]
    nom: Annotated[str, about("nom", P1, min_length=1, max_length=80)]
    adresse: Annotated[Adresse, about("adresse", P1)]
    email: Annotated[str, about("e-mail", P4, min_length=3, max_length=254)]
    telephone: Annotated[str | None, about("téléphone", P4, pattern=E164)] = None
    # Code de la consommation, L. 221-3: asked only of a professional who concludes off-premises.
    effectif_5_ou_moins: Annotated[bool, about("effectif de cinq salariés ou moins", P2)] = False
    objet_hors_activite_principale: Annotated[bool, about("objet hors activité principale", P2)] = False
    exigence_signature: Annotated[bool, about("exigence sur la signature", P3)] = False

    @property
    def printed_name(self) -> str:
        return f"{self.prenoms} {self.nom.upper()}"

    @property
    def filing_name(self) -> str:
        return self.nom


class Representant(Section):
    civilite: Annotated[Civilite, about("civilité du représentant", P1)] = Civilite.AUCUNE
    prenoms: Annotated[str, about("prénom du représentant", P1, min_length=1, max_length=80)]
    nom: Annotated[str, about("nom du représentant", P1, min_length=1, max_length=80)]
    qualite: Annotated[str, about("qualité du représentant", P1, min_length=2, max_length=80)]


class PersonneMorale(Section):
    """``adresse`` is the siège; ``email`` and ``telephone`` are the representative's, who signs."""

    type: Annotated[Literal["pm"], about("type de client", P1)] = "pm"
    qualite: Annotated[Literal[Qualite.PERSONNE_MORALE, Qualite.NON_PROFESSIONNEL], about("qualité", P2)]
    denomination: Annotated[str, about("dénomination", P1, min_length=1, max_length=160)]
    forme: Annotated[Forme, about("forme juridique", P1)]
    siren: Annotated[str | None, about("SIREN", P1, pattern=r"^[0-9]{9}$")] = None
    rna: Annotated[str | None, about("numéro RNA", P1, pattern=r"^W[0-9]{9}$")] = None
    rcs_ville: Annotated[str | None, about("ville du RCS", P1, min_length=1, max_length=80)] = None
    representant: Annotated[Representant, about("représentant", P1)]
    adresse: Annotated[Adresse, about("siège", P1)]
    email: Annotated[str, about("e-mail", P4, min_length=3, max_length=254)]
    telephone: Annotated[str | None, about("téléphone", P4, pattern=E164)] = None
    # This client wants more than a simple signature (domain reference 6.3, rule 5).
    exigence_signature: Annotated[bool, about("exigence sur la signature", P3)] = False

    @property
    def printed_name(self) -> str:
        return self.denomination

    @property
    def filing_name(self) -> str:
        return self.denomination


Client = Annotated[PersonnePhysique | PersonneMorale, Field(discriminator="type")]


class Garant(Section):
    """A surety: a natural person who answers for the client, up to ``montant`` in principal and accessories
    (code civil, 2297). Not a client: owes the fee only if the client does not pay."""

    civilite: Annotated[Civilite, about("civilité", P1)] = Civilite.AUCUNE
    prenoms: Annotated[str, about("prénom", P1, min_length=1, max_length=80)]
    nom: Annotated[str, about("nom", P1, min_length=1, max_length=80)]
    adresse: Annotated[Adresse, about("adresse", P1)]
    email: Annotated[str, about("e-mail", P4, min_length=3, max_length=254)]
    telephone: Annotated[str | None, about("téléphone", P4, pattern=E164)] = None
    montant: Annotated[Euros, about("montant garanti", P2, gt=0)]


class Avocat(Section):
    """The lawyer in charge, who signs last."""

    civilite: Annotated[Civilite, about("civilité", P1)] = Civilite.MAITRE
    prenoms: Annotated[str, about("prénom", P1, min_length=1, max_length=80)]
    nom: Annotated[str, about("nom", P1, min_length=1, max_length=80)]
    email: Annotated[str, about("e-mail", P4, min_length=3, max_length=254)]
    telephone: Annotated[str | None, about("téléphone", P4, pattern=E164)] = None
