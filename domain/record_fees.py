"""What is paid and how it is worked out: flat fee, hourly fee, fee for the result (data dictionary 3.8).

Amounts are euros before tax (HT) unless the name says ``ttc``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import model_validator

from domain.record_types import MAX_ITEMS, Euros, Hours, Line, Percent, Purpose, Section, about

P2 = Purpose.LEGAL


class TypeHonoraires(StrEnum):
    """A fee for the result always comes on top of a fee for the work (loi 71-1130, art. 10)."""

    FORFAIT = "forfait"
    HORAIRE = "horaire"
    FORFAIT_RESULTAT = "forfait_resultat"
    HORAIRE_RESULTAT = "horaire_resultat"

    @property
    def hourly(self) -> bool:
        return self in (TypeHonoraires.HORAIRE, TypeHonoraires.HORAIRE_RESULTAT)

    @property
    def for_result(self) -> bool:
        return self in (TypeHonoraires.FORFAIT_RESULTAT, TypeHonoraires.HORAIRE_RESULTAT)


class Releve(StrEnum):
    """How often the client is told of the time spent (CJUE, 12 January 2023, C-395/21)."""

    MENSUEL = "mensuel"
    BIMESTRIEL = "bimestriel"
    TRIMESTRIEL = "trimestriel"
    A_CHAQUE_FACTURE = "a_chaque_facture"


class Assiette(StrEnum):
    """What the fee for the result is a percentage of."""

    SOMMES_PERCUES = "sommes_percues"
    ECONOMIE = "economie"
    CONDAMNATION_EVITEE = "condamnation_evitee"
    DEGREVEMENT = "degrevement"
    AUTRE = "autre"


class Phase(Section):
    libelle: Annotated[Line, about("libellé", P2)]
    ht: Annotated[Euros, about("montant HT", P2, gt=0)]


class Forfait(Section):
    """A flat fee; ``hors_taux_ht`` is the hourly rate of what stands outside it."""

    ht: Annotated[Euros, about("montant HT du forfait", P2, gt=0)]
    phases: Annotated[tuple[Phase, ...], about("phases du forfait", P2, max_length=MAX_ITEMS)] = ()
    hors_taux_ht: Annotated[Euros | None, about("taux horaire HT hors forfait", P2)] = None


class Taux(Section):
    intervenant: Annotated[Line, about("intervenant", P2)]
    ht: Annotated[Euros, about("taux horaire HT", P2, gt=0)]


class Horaire(Section):
    """``unite_min`` is the unit of time in minutes; the hours are the estimate told before signing."""

    taux: Annotated[tuple[Taux, ...], about("taux horaires", P2, min_length=1, max_length=MAX_ITEMS)]
    unite_min: Annotated[int, about("unité de décompte en minutes", P2, ge=1, le=60)] = 6
    heures_min: Annotated[Hours | None, about("heures estimées, minimum", P2)] = None
    heures_max: Annotated[Hours | None, about("heures estimées, maximum", P2)] = None
    seuil_alerte_ht: Annotated[Euros | None, about("seuil d'alerte HT", P2, gt=0)] = None
    releve: Annotated[Releve | None, about("périodicité du relevé de temps", P2)] = None


class Tranche(Section):
    """A bracket: ``taux`` per cent of what lies between the bracket before and ``jusqua`` (None: no end)."""

    jusqua: Annotated[Euros | None, about("jusqu'à", P2, gt=0)] = None
    taux: Annotated[Percent, about("taux", P2)]


class Resultat(Section):
    """``taux`` or ``tranches``, never both; per cent of ``assiette``, before tax."""

    taux: Annotated[Percent | None, about("taux de résultat", P2, gt=0)] = None
    tranches: Annotated[tuple[Tranche, ...], about("barème de résultat", P2, max_length=MAX_ITEMS)] = ()
    assiette: Annotated[Assiette, about("assiette", P2)]
    assiette_texte: Annotated[str | None, about("précision sur l'assiette", P2, max_length=300)] = None
    inclut_art700: Annotated[bool, about("article 700 compris", P2)] = False
    inclut_interets: Annotated[bool, about("intérêts compris", P2)] = False
    plafond_ht: Annotated[Euros | None, about("plafond de résultat HT", P2, gt=0)] = None
    imputation_base: Annotated[bool, about("honoraire de diligences imputé", P2)] = False

    @model_validator(mode="after")
    def _one_scale(self) -> Resultat:
        if (self.taux is None) is (not self.tranches):
            raise ValueError("a rate or a scale, never both")
        return self


class Honoraires(Section):
    """``type`` says which of the parts are there, and they are."""

    type: Annotated[TypeHonoraires, about("type d'honoraires", P2)] = TypeHonoraires.FORFAIT
    forfait: Annotated[Forfait | None, about("forfait", P2)] = None
    horaire: Annotated[Horaire | None, about("honoraires au temps passé", P2)] = None
    resultat: Annotated[Resultat | None, about("honoraire de résultat", P2)] = None

    @model_validator(mode="after")
    def _parts_of_the_type(self) -> Honoraires:
        wanted = (not self.type.hourly, self.type.hourly, self.type.for_result)
        if wanted != tuple(part is not None for part in (self.forfait, self.horaire, self.resultat)):
            raise ValueError("the parts are not those of the type")
        return self
