"""The names a template may use, as a tree: those of ``domain.wording``, with what each one is.

``TEXT`` may be printed, ``FLAG`` may only be tested, ``OneOf`` is a text that templates compare, a list
holds the shape of its items, ``Maybe`` is a group that may be absent (None).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.record_fees import TypeHonoraires
from domain.record_types import ModeConclusion, Qualite
from domain.wording import context_names

TEXT = "text"
FLAG = "flag"


@dataclass(frozen=True)
class Maybe:
    shape: Mapping[str, Any]


@dataclass(frozen=True)
class OneOf:
    values: tuple[str, ...]


_FLAGS = """
    client.consommateur client.professionnel plusieurs_clients
    matter.redaction_acte
    honoraires.franchise honoraires.au_forfait honoraires.a_l_heure honoraires.avec_resultat
    honoraires.estimation
    resultat.imputation
    aj.partielle aj.demandee aj.retiree aj.information
    pj.interroge pj.active
    lcbft.applicable
    conclusion.a_distance conclusion.hors_etablissement conclusion.retractation conclusion.debut_immediat
"""
FLAGS = frozenset(_FLAGS.split())
KIND, QUALITY = OneOf(("pp", "pm")), OneOf(tuple(Qualite))
CHOICES = {
    "client.type": KIND,
    "client.qualite": QUALITY,
    "co_contractants[].type": KIND,
    "co_contractants[].qualite": QUALITY,
    "conclusion.mode": OneOf(tuple(ModeConclusion)),
    "honoraires.type": OneOf(tuple(TypeHonoraires)),
}
OPTIONAL = frozenset({"provision", "contentieux", "resultat"})


def _tree(names: Iterable[str], prefix: str = "") -> dict[str, Any]:
    """``a.b[].c`` gives ``{"a": {"b": [{"c": ...}]}}``."""
    children: dict[str, set[str]] = {}
    for name in names:
        head, _, rest = name.partition(".")
        children.setdefault(head, set()).update({rest} - {""})
    made: dict[str, Any] = {}
    for head, rests in children.items():
        path = f"{prefix}{head}"
        if head.endswith("[]"):
            made[head[:-2]] = [_tree(rests, f"{path}.")]
        elif f"{head}[]" not in children:
            made[head] = _tree(rests, f"{path}.") if rests else _leaf(prefix, head)
    return made


def _leaf(prefix: str, name: str) -> Any:
    path = f"{prefix}{name}"
    if path in ("mission.diligences", "mission.exclusions"):
        return [TEXT]
    if path in FLAGS:
        return FLAG
    return CHOICES.get(path, TEXT)


_TREE = _tree(context_names())
VOCABULARY: Mapping[str, Any] = {
    name: Maybe(shape) if name in OPTIONAL else shape for name, shape in _TREE.items()
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
