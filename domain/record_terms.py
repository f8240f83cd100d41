"""What is agreed: mission, costs, payment, conclusion (data dictionary 3.7 to 3.9); fees in ``record_fees``.

Amounts are euros before tax (HT) unless the name says ``ttc``.
"""

from __future__ import annotations

import re
from typing import Annotated

from domain.record_matter import Livrable
from domain.record_types import (
    MAX_ITEMS,
    Day,
    Euros,
    Line,
    ModeConclusion,
    Moyen,
    Percent,
    Purpose,
    RegimeTva,
    Section,
    about,
)
from domain.signature import Authentication, Level, Order

NUMERO = re.compile(r"^[A-Z0-9][A-Z0-9 ._/-]{0,39}$")
P1, P2, P3, P4 = Purpose.CONTRACT, Purpose.LEGAL, Purpose.PROOF, Purpose.SIGNING


class Dossier(Section):
    numero: Annotated[str, about("numéro", P1, pattern=NUMERO.pattern)]
    intitule: Annotated[str | None, about("intitulé", P1, min_length=1, max_length=120)] = None
    sensible: Annotated[bool, about("dossier sensible", P3)] = False
    contentieux_probable: Annotated[bool, about("contentieux prévisible", P3)] = False


class Mission(Section):
    objet: Annotated[str, about("objet", P1, min_length=10, max_length=600)]
    diligences: Annotated[tuple[Line, ...], about("diligences", P2, min_length=1, max_length=MAX_ITEMS)]
    exclusions: Annotated[tuple[Line, ...], about("exclusions", P1, max_length=MAX_ITEMS)] = ()
    livrables: Annotated[tuple[Livrable, ...], about("livrables", P1, max_length=MAX_ITEMS)] = ()
    calendrier: Annotated[str | None, about("calendrier", P2, min_length=2, max_length=400)] = None


class Tva(Section):
    regime: Annotated[RegimeTva, about("régime", P2)] = RegimeTva.ASSUJETTI
    taux: Annotated[Percent, about("taux", P2)]  # 20.00 for 20 %


class Debours(Section):
    """``montant`` None means "sur justificatif"."""

    libelle: Annotated[Line, about("libellé", P2)]
    montant: Annotated[Euros | None, about("montant", P2)] = None


class Provision(Section):
    ht: Annotated[Euros, about("montant HT", P2, gt=0)]
    exigible_le: Annotated[Day | None, about("date d'exigibilité", P2)] = None


class Echeance(Section):
    libelle: Annotated[Line, about("libellé", P1)]
    date: Annotated[Day | None, about("date", P1)] = None
    ttc: Annotated[Euros, about("montant TTC", P1, gt=0)]


class Paiement(Section):
    echeances: Annotated[tuple[Echeance, ...], about("échéances", P1, max_length=MAX_ITEMS)] = ()
    moyens: Annotated[tuple[Moyen, ...], about("moyens", P1, min_length=1, max_length=5)]


class Conclusion(Section):
    """``debut_immediat``: performance is wanted before the end of the withdrawal period (L. 221-25).

    ``interface_en_ligne``: the contract is concluded on an online interface, which must then offer a function
    to withdraw (L. 221-21).
    """

    mode: Annotated[ModeConclusion, about("mode", P2)]
    lieu: Annotated[str | None, about("lieu", P2, min_length=1, max_length=80)] = None
    debut_immediat: Annotated[bool, about("début immédiat", P2)] = False
    interface_en_ligne: Annotated[bool, about("conclusion par une interface en ligne", P2)] = False


class Preferences(Section):
    """What the record asks of the signature; None leaves it to the request and the settings."""

    niveau: Annotated[Level | None, about("niveau", P3)] = None
    authentification: Annotated[Authentication | None, about("authentification", P4)] = None
    ordre: Annotated[Order | None, about("ordre", P4)] = None
    # Why a lower level than the one advised was chosen (R-SIG-01).
    derogation_motif: Annotated[str | None, about("motif d'un niveau inférieur", P3, max_length=300)] = None
