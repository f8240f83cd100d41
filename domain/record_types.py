"""The words a record is made of: purposes, bounded texts and closed lists of values.

Stable values stand in code and in stored records; what a person reads stands in ``domain/wording.py``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Purpose(StrEnum):
    """Why a personal field is held (RGPD art. 5(1)(b) and 6(1)); a field without one is refused."""

    CONTRACT = "P1"  # conclude and perform the convention, art. 6(1)(b)
    LEGAL = "P2"  # legal duty: written convention, consumer information, accounts, art. 6(1)(c)
    PROOF = "P3"  # proof and defence of rights, art. 6(1)(f)
    SIGNING = "P4"  # signature and reminders, art. 6(1)(b)
    SECURITY = "P5"  # security and access log, art. 6(1)(f) and 32
    STEERING = "P6"  # aggregated indicators, art. 6(1)(f)


class Section(BaseModel):
    """Base of every part of a record: immutable, and a field that is not declared is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=2000, allow_inf_nan=False)


def about(title: str, purpose: Purpose, **constraints: Any) -> Any:
    """The ``Field`` of one item: its French name, as error messages print it, and why it is held."""
    return Field(title=title, json_schema_extra={"purpose": purpose.value}, **constraints)


# Both bounds keep every sum and percentage inside the default precision of ``decimal``.
Euros = Annotated[Decimal, Field(ge=0, max_digits=11, decimal_places=2)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
Hours = Annotated[Decimal, Field(gt=0, le=2_000, decimal_places=2)]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]

MAX_ITEMS = 30  # per list: diligences, phases, dates of payment...
MAX_CO_CONTRACTANTS = 8  # with the client and the lawyer: ten signers (data dictionary, sign.parties)
MAX_GARANTS = 2  # beside these ten


class Civilite(StrEnum):
    MONSIEUR = "M"
    MADAME = "MME"
    MAITRE = "ME"
    AUCUNE = "AUCUNE"


class Qualite(StrEnum):
    """Code de la consommation, article liminaire: four values, a company is never a consumer."""

    CONSOMMATEUR = "consommateur"
    NON_PROFESSIONNEL = "non_professionnel"
    PROFESSIONNEL = "professionnel"
    PERSONNE_MORALE = "personne_morale"


class Forme(StrEnum):
    """Legal forms that can be a party. An "EI" is not here: it is a natural person."""

    SAS = "SAS"
    SASU = "SASU"
    SARL = "SARL"
    EURL = "EURL"
    SA = "SA"
    SNC = "SNC"
    SCI = "SCI"
    SC = "SC"
    SCM = "SCM"
    SCP = "SCP"
    SELARL = "SELARL"
    SELAS = "SELAS"
    GIE = "GIE"
    ASSOCIATION = "association"
    FONDATION = "fondation"
    SYNDICAT_COPROPRIETE = "syndicat_copropriete"
    CSE = "CSE"
    COLLECTIVITE = "collectivite"
    AUTRE = "autre"


class RegimeTva(StrEnum):
    ASSUJETTI = "assujetti"
    FRANCHISE = "franchise_293B"  # CGI art. 293 B: no VAT, and the text that says so


class ModeConclusion(StrEnum):
    """How the contract is concluded (code de la consommation, L. 221-1); never guessed."""

    CABINET = "cabinet"
    DISTANCE = "distance"
    MIXTE = "mixte_cabinet_puis_distance"
    HORS_ETABLISSEMENT = "hors_etablissement"


#: at a distance, by caution after a meeting too (reference 1.5)
REMOTE = (ModeConclusion.DISTANCE, ModeConclusion.MIXTE)


class Moyen(StrEnum):
    VIREMENT = "virement"
    CHEQUE = "cheque"
    CARTE = "carte"
    PRELEVEMENT = "prelevement"
    ESPECES = "especes"
