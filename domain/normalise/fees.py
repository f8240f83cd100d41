"""Reads the fee: which parts there are depends on its type, and a cell of another type is a contradiction."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from domain.normalise import amount, choice, lists, rates
from domain.normalise.choice import one_of
from domain.normalise.fault import Fault
from domain.normalise.reader import Reader
from domain.normalise.sections import text
from domain.normalise.text import fold
from domain.record_fees import Assiette, TypeHonoraires
from domain.record_matter import StatutAj

TYPES = "« forfait », « horaire », « forfait et résultat » ou « horaire et résultat »"
RELEVES = "« mensuel », « bimestriel », « trimestriel » ou « à chaque facture »"
ASSIETTES = "« sommes perçues », « économie », « condamnation évitée », « dégrèvement » ou « autre »"
FLAT, HOURLY, RESULT = "honoraires.forfait.", "honoraires.horaire.", "honoraires.resultat."
NOTHING = frozenset({"", "0", "00", "000", "non", "false", "faux", "aucun", "aucune"})
ONLY_RESULT = Fault(
    "quota_litis",
    "un honoraire fixé sur le seul résultat est interdit (loi du 31 décembre 1971, art. 10) ; "
    "ajoutez un honoraire de diligences, forfaitaire ou horaire",
)


def fee(reader: Reader, *, consumer: bool) -> None:
    """A consumer who pays by the hour is told beforehand what to expect (CJUE, C-395/21)."""
    kind = _kind(reader)
    if kind is None:
        return
    parts = {FLAT: not kind.hourly, HOURLY: kind.hourly, RESULT: kind.for_result}
    if not kind.hourly:
        _flat(reader, base=kind.for_result)
    else:
        _hourly(reader, told=consumer or reader.parsed.get("aj.statut") is StatutAj.PARTIELLE, full=consumer)
    if kind.for_result:
        _result(reader)
    for part, wanted in parts.items():
        if not wanted:
            _refuse_others(reader, part, kind)


def _kind(reader: Reader) -> TypeHonoraires | None:
    """What the record says; a flat fee when nothing says otherwise. None: told, and nothing more to read."""
    said = reader.read("honoraires.type", one_of(choice.FEES, TYPES))
    if said is None and reader.has("honoraires.type"):
        return None
    flat, hourly = reader.has(f"{FLAT}ht"), reader.has(f"{HOURLY}taux")
    if said == choice.RESULT:
        if not (flat or hourly):
            reader.fault("honoraires.type", ONLY_RESULT)  # R-HR-01
            return None
        said = "forfait_resultat" if flat else "horaire_resultat"
    elif said is None:
        if (hourly and not flat) or _gives_result(reader):
            reader.missing("honoraires.type")
            return None
        said = "forfait"
    kind = TypeHonoraires(said)
    reader.parsed["honoraires.type"] = kind
    return kind


def _flat(reader: Reader, *, base: bool) -> None:
    """A table has one column for an hourly rate: beside a flat fee it is the rate of what stands outside."""
    reader.read(f"{FLAT}ht", _base(amount.euros_ht) if base else amount.positive_ht, required=True)
    reader.read(f"{FLAT}phases", lists.phases)
    if reader.has(f"{HOURLY}taux") and not reader.has(f"{FLAT}hors_taux_ht"):
        rate = reader.read(f"{HOURLY}taux", rates.one_rate)
        if rate is not None:
            reader.parsed[f"{FLAT}hors_taux_ht"] = reader.parsed.pop(f"{HOURLY}taux")
    else:
        reader.read(f"{FLAT}hors_taux_ht", amount.positive_ht)


def _hourly(reader: Reader, *, told: bool, full: bool) -> None:
    """``told``: the estimate must be there; ``full``: the threshold and the statements of time too."""
    if reader.read(f"{HOURLY}taux", rates.hourly_rates, required=True) == ():
        reader.missing(f"{HOURLY}taux")
    reader.read(f"{HOURLY}unite_min", rates.unit)
    either = told or reader.has(f"{HOURLY}heures_min") or reader.has(f"{HOURLY}heures_max")
    reader.read(f"{HOURLY}heures_min", rates.hours, required=either)
    reader.read(f"{HOURLY}heures_max", rates.hours, required=either)
    reader.read(f"{HOURLY}seuil_alerte_ht", amount.positive_ht, required=full)
    reader.read(f"{HOURLY}releve", one_of(choice.RELEVES, RELEVES), required=full)


def _result(reader: Reader) -> None:
    """R-HR-02: a rate or a scale, on a basis that is said."""
    scale = reader.has(f"{RESULT}tranches")
    if scale and _given(reader, f"{RESULT}taux"):
        reader.fault(
            f"{RESULT}taux",
            Fault("rate_and_scale", "un taux et un barème sont donnés ; videz l'un des deux"),
        )
    elif scale:
        if reader.read(f"{RESULT}tranches", rates.scale) == ():
            reader.missing(f"{RESULT}tranches")
    else:
        reader.read(f"{RESULT}taux", rates.positive_percent, required=True)
    basis = reader.read(f"{RESULT}assiette", one_of(choice.ASSIETTES, ASSIETTES), required=True)
    reader.read(f"{RESULT}assiette_texte", text(300), required=basis is Assiette.AUTRE)
    reader.read(f"{RESULT}inclut_art700", choice.yes_no)
    reader.read(f"{RESULT}inclut_interets", choice.yes_no)
    if _given(reader, f"{RESULT}plafond_ht"):
        reader.read(f"{RESULT}plafond_ht", amount.positive_ht)
    reader.read(f"{RESULT}imputation_base", choice.yes_no)


def _base(parse: Callable[[Any], Decimal]) -> Callable[[Any], Decimal]:
    """R-HR-01: the fee for the work is never nought."""

    def read(value: Any) -> Decimal:
        found = parse(value)
        if not found:
            raise ONLY_RESULT
        return found

    return read


def _gives_result(reader: Reader) -> bool:
    return any(_given(reader, f"{RESULT}{name}") for name in ("taux", "tranches"))


def _given(reader: Reader, path: str) -> bool:
    """Neither an empty cell, nor an unticked box, nor a nought."""
    if not reader.has(path):
        return False
    value = reader.values[path]
    if isinstance(value, str):
        return fold(value) not in NOTHING
    return not isinstance(value, bool | int | float | Decimal) or bool(value)


def _refuse_others(reader: Reader, part: str, kind: TypeHonoraires) -> None:
    moved = f"{HOURLY}taux" if not kind.hourly and not reader.has(f"{FLAT}hors_taux_ht") else ""
    for path in [one for one in reader.values if one.startswith(part) and one != moved]:
        if _given(reader, path):
            reader.fault(
                path,
                Fault(
                    "fee_type",
                    "cette colonne ne va pas avec le type d'honoraires ; videz-la ou changez le type",
                ),
            )
