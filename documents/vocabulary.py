"""The names a template may use, and the shape of each: what ``domain.wording.context`` produces.

``TEXT`` is a ready-to-print French string (or a whole number), ``FLAG`` a boolean that may only be
tested, a list holds the shape of its items, ``Maybe`` is a group that may be absent (None).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TEXT = "text"
FLAG = "flag"


@dataclass(frozen=True)
class Maybe:
    shape: Mapping[str, Any]


@dataclass(frozen=True)
class OneOf:
    """A text that takes one of these values: templates compare it."""

    values: tuple[str, ...]


def _texts(names: str) -> dict[str, Any]:
    return dict.fromkeys(names.split(), TEXT)


VOCABULARY: Mapping[str, Any] = {
    "dossier": _texts("numero intitule"),
    "cabinet": _texts(
        "denomination forme siren tva_intracom adresse telephone email site barreau batonnier_adresse rcp "
        "mediateur_nom mediateur_adresse mediateur_url rgpd_contact reclamation_contact"
    ),
    "avocat": _texts("nom_complet email"),
    "client": {
        "type": OneOf(("pp", "pm")),
        "qualite": OneOf(("consommateur", "non_professionnel", "professionnel", "personne_morale")),
        **_texts(
            "qualite_libelle nom_complet civilite_longue prenoms nom adresse email telephone denomination "
            "forme siren rcs_ville representant_nom_complet representant_qualite"
        ),
    },
    "mission": {"objet": TEXT, "diligences": [TEXT], "exclusions": [TEXT], "calendrier": TEXT},
    "honoraires": {
        **_texts("type_libelle forfait_ht taux_tva tva forfait_ttc forfait_ttc_lettres"),
        "franchise": FLAG,
        "phases": [_texts("libelle ht ttc part")],
        **_texts("hors_forfait_taux_ht hors_forfait_taux_ttc"),
    },
    "debours": [_texts("libelle montant")],
    "provision": Maybe(_texts("ht ttc")),
    "paiement": {"echeances": [_texts("libelle date ttc")], "moyens": TEXT},
    "conclusion": {
        "mode": OneOf(("cabinet", "distance", "mixte_cabinet_puis_distance", "hors_etablissement")),
        "a_distance": FLAG,
        "hors_etablissement": FLAG,
        "retractation": FLAG,
        "debut_immediat": FLAG,
        **_texts("lieu date"),
    },
    "signataires": [_texts("key nom_complet qualite ancre")],
    "signature": _texts("prestataire niveau_libelle"),
    "convention": _texts("reference version"),
    "conservation": _texts("libelle"),
}


def sample(shape: Any, *, flag: bool, choice: int, items: int) -> Any:
    """A made-up context of that shape: ``flag`` for every boolean, the ``choice``-th value where there is
    a choice, ``items`` in every list; what may be absent is absent when ``flag`` is false."""
    if isinstance(shape, Mapping):
        return {name: sample(part, flag=flag, choice=choice, items=items) for name, part in shape.items()}
    if isinstance(shape, list):
        return [sample(shape[0], flag=flag, choice=choice, items=items) for _ in range(items)]
    if isinstance(shape, Maybe):
        return sample(shape.shape, flag=flag, choice=choice, items=items) if flag else None
    if isinstance(shape, OneOf):
        return shape.values[choice % len(shape.values)]
    return flag if shape == FLAG else "x"
