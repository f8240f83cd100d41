"""From what a firm's table holds to a ``Record``, or to the full list of what must be mended.

Called by the step that reads a source. Nothing is guessed: what has two readings is refused, and each refusal
names the field, the fault and the fix, in French, without the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from domain import record_rules
from domain.errors import FieldError, Invalid
from domain.normalise import fees, matter, sections
from domain.normalise.co_clients import GROUPS, spread
from domain.normalise.columns import Resolved, resolve, unknown_targets
from domain.normalise.fault import Fault
from domain.normalise.parties import read_guarantor, read_party
from domain.normalise.reader import Reader, label
from domain.record import Record
from domain.record_fee_rules import RESULT_CAP
from domain.record_types import Qualite

__all__ = ["Normalised", "normalise", "read"]


@dataclass(frozen=True)
class Normalised:
    """``ignored``: the names of the columns that nothing reads, never their values."""

    record: Record
    ignored: tuple[str, ...]


def normalise(
    fields: Mapping[str, Any],
    mapping: Mapping[str, str] | None,
    today: date,
    defaults: Mapping[str, Any] | None = None,
    *,
    firm_email: str | None = None,
    result_cap: Decimal = RESULT_CAP,
) -> Record:
    """``read`` for callers who do not care about the ignored columns."""
    return read(fields, mapping, today, defaults, firm_email=firm_email, result_cap=result_cap).record


def read(
    fields: Mapping[str, Any],
    mapping: Mapping[str, str] | None,
    today: date,
    defaults: Mapping[str, Any] | None = None,
    *,
    firm_email: str | None = None,
    result_cap: Decimal = RESULT_CAP,
) -> Normalised:
    """Make the record.

    ``fields``: columns as a firm names them, dotted ids, or nested sections. ``mapping``: column -> field
    id, before every usual name. ``defaults``: field id -> value for what the record does not say
    (``Cabinet.record_defaults``). ``firm_email``: no client may sign with it (R-05). ``result_cap``: the
    most, in per cent, that the firm takes of a result (R-HR-02). Raises Invalid:
    ``mapping_invalid``, or ``record_invalid`` with all faults.
    """
    resolved, co_clients, guarantors = _cells(fields, mapping)
    reader = Reader(_with_defaults(resolved.values, defaults or {}))
    for path, fault in resolved.faults.items():
        reader.fault(path, fault)
    _read_all(reader, co_clients, guarantors)
    found = record_rules.check(reader.parsed, today, firm_email, result_cap)
    for path, code, detail in (*found, *record_rules.early_start(reader.parsed, reader.values)):
        reader.fault(path, Fault(code, detail))
    for path in record_rules.missing_phones(reader.parsed, reader.values):
        reader.missing(path)
    return Normalised(_build(reader), tuple(dict.fromkeys(resolved.ignored)))


def _cells(
    fields: Mapping[str, Any], mapping: Mapping[str, str] | None
) -> tuple[Resolved, list[str], list[str]]:
    """The cells by field id, and the co-clients (``co_contractants.0``...) and guarantors they describe."""
    if wrong := unknown_targets(mapping or {}):
        raise Invalid(
            "mapping_invalid",
            "La correspondance des colonnes vise un champ qui n'existe pas ; corrigez-la.",
            tuple(FieldError(target, "unknown_field", f"Champ inconnu : {target}.") for target in wrong),
        )
    try:
        resolved = resolve(fields, mapping)
        return resolved, spread(resolved, "co_contractants"), spread(resolved, "garants")
    except Fault as fault:
        raise _invalid([FieldError("", fault.code, f"Fiche : {fault.detail}.")]) from None


def _read_all(reader: Reader, co_clients: list[str], guarantors: list[str]) -> None:
    sections.dossier(reader)
    bases = ["client", *co_clients]
    for base in bases:
        read_party(reader, base)
    for base in guarantors:
        read_guarantor(reader, base)
    sections.avocat(reader)
    consumer = any(reader.parsed.get(f"{base}.qualite") == Qualite.CONSOMMATEUR for base in bases)
    matter.matter(reader)
    sections.mission(reader, consumer=consumer)
    matter.legal_aid(reader)
    matter.insurance(reader)
    fees.fee(reader, consumer=consumer)
    sections.tva(reader)
    sections.payment(reader)
    sections.conclusion(reader)
    sections.signature(reader)


def _with_defaults(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The firm's VAT rate goes with the firm's regime: never with a regime that the record gives."""
    kept = dict(defaults)
    if "tva.regime" in values:
        kept.pop("tva.taux", None)
    return {**kept, **values}


def _build(reader: Reader) -> Record:
    if reader.faults:
        raise _invalid(reader.faults)
    try:
        return Record.model_validate(_nest(reader.parsed))
    except ValidationError as error:  # a bound of the model that no parser holds: told, not crashed on
        paths = dict.fromkeys(
            ".".join(str(part) for part in one["loc"] if part not in {"pp", "pm"}) for one in error.errors()
        )
        raise _invalid(
            [
                FieldError(path, "invalid", f"{label(path)} : la valeur n'est pas admise ; corrigez-la.")
                for path in paths
            ]
        ) from None


def _nest(parsed: Mapping[str, Any]) -> dict[str, Any]:
    """``{"client.nom": ...}`` -> ``{"client": {"nom": ...}}``; co-clients become a list. "No" is what a
    record says by itself: written out it would make a section of nothing, and another record than that of a
    tool which leaves out boxes that are not ticked."""
    root: dict[str, Any] = {}
    for path, value in parsed.items():
        if value is False:
            continue
        *sections_, name = path.split(".")
        node = root
        for section in sections_:
            node = node.setdefault(section, {})
        node[name] = value
    for group in GROUPS:
        if group in root:
            root[group] = [root[group][rank] for rank in sorted(root[group], key=int)]
    return root


def _invalid(faults: list[FieldError]) -> Invalid:
    count = len(faults)
    what = "un champ" if count == 1 else f"{count} champs"
    return Invalid(
        "record_invalid", f"La fiche ne peut pas devenir une convention : {what} à corriger.", tuple(faults)
    )
