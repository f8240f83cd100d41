"""Every problem ``code`` that the hub can answer, read where it is declared: in the sources.

A code stands beside its sentence in the ``raise`` (or ``return``) that makes it, and nowhere else; so the
reference reads the sources instead of repeating them, and a new connector's codes appear by themselves.
Only codes that are put together at run time are listed here; a test holds them against what is raised.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from domain import errors
from handlers import problems

_ROOT = Path(__file__).parents[1]
#: package -> where a reader meets its codes
ORIGINS = {
    "handlers": "La requête",
    "domain": "La fiche",
    "documents": "Le document",
    "store": "La requête",
    "connectors": "Les systèmes extérieurs",
    "workers": "Les étapes",
}
_KINDS: dict[str, type[errors.ParapheError]] = {
    kind.__name__: kind
    for kind in (
        errors.Invalid, errors.Refused, errors.NotFound, errors.Permanent, errors.Retryable,
        errors.Unknown, problems.Unauthorized,
    )
}  # fmt: skip
#: ``connectors/http.py`` and ``connectors/google.py`` put the name before these: <système>_unreachable
SYSTEM_CODES = {
    "unreachable": (503, "Le système est injoignable ; un nouvel essai aura lieu automatiquement."),
    "busy": (503, "Le système demande de patienter ; un nouvel essai aura lieu automatiquement."),
    "answer_lost": (503, "Le système n'a pas répondu complètement ; la lecture sera refaite."),
    "outcome_unknown": (503, "Le hub vérifiera ce qui a été fait avant de recommencer."),
    "unauthorised": (422, "Le système refuse la clé d'accès ; vérifiez ses réglages."),
    "forbidden": (422, "Le système interdit cette opération ; vérifiez les droits de la clé."),
    "not_found": (404, "Le système ne connaît pas (ou plus) cet élément."),
    "redirected": (422, "Le système renvoie ailleurs ; vérifiez le réglage de son adresse."),
    "misconfigured": (422, "Le système ne peut pas être appelé ; vérifiez son adresse et sa clé."),
    "refused": (422, "Le système a refusé la demande ; le détail dit comment il a répondu."),
}
#: ``workers/steps/collect.py`` names the first fault that ``documents/signatures.py`` found
SIGNED_FILE_CODES = (
    "not_a_pdf", "no_signature", "signatures_unreadable", "signature_invalid", "altered_after_signature",
    "unsigned_end", "another_document", "unsound", "untrusted",
)  # fmt: skip
_SYSTEM = re.compile(r'\b(?:System|[A-Z][a-z]+Errors)\(\s*(?:name=)?"([a-z_]+)"')
_SEE_ERRORS = "Le détail est dans la réponse, et chaque défaut dans « errors »."


@dataclass
class ProblemCode:
    """``also``: the codes that this line stands for, when it stands for several."""

    code: str
    origin: str
    statuses: set[int] = field(default_factory=set)
    details: list[str] = field(default_factory=list)
    also: tuple[str, ...] = ()


@cache
def problem_codes() -> tuple[ProblemCode, ...]:
    """In the order of ``ORIGINS``, then by name."""
    found: dict[str, ProblemCode] = {}
    systems: list[str] = []
    for package, origin in ORIGINS.items():
        for path in sorted((_ROOT / package).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            systems += _SYSTEM.findall(source)
            for code, status, detail in declared(source):
                one = found.setdefault(code, ProblemCode(code, origin))
                one.statuses.add(status)
                if detail not in one.details:
                    one.details.append(detail)
    for status, (code, detail) in {**problems._STANDARD, 500: problems._INTERNAL}.items():
        found[code] = ProblemCode(code, ORIGINS["handlers"], {status}, [detail])
    for line in _composed(systems, set(found)):
        found[line.code] = line
    rank = {origin: number for number, origin in enumerate(ORIGINS.values())}
    return tuple(sorted(found.values(), key=lambda one: (rank[one.origin], one.code)))


def declared(source: str) -> Iterator[tuple[str, int, str]]:
    """``(code, HTTP status, French sentence)`` of every error that this source makes."""
    tree = ast.parse(source)
    texts = {
        target.id: _text(node.value, {})
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        kind, first = _KINDS.get(node.func.id), node.args[0]
        if kind and isinstance(first, ast.Constant) and isinstance(first.value, str):
            detail = _text(node.args[1], texts) if len(node.args) > 1 else ""
            yield first.value, problems.status_of(kind(first.value, "")), detail or _SEE_ERRORS


def _text(node: ast.expr, texts: dict[str, str]) -> str:
    """What the expression prints, an ellipsis for what is only known at run time; empty: unknown."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return texts.get(node.id, "")
    if isinstance(node, ast.BinOp):
        return _text(node.left, texts) + _text(node.right, texts)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, texts) for part in node.values)
    return (_text(node.value, texts) or "…") if isinstance(node, ast.FormattedValue) else ""


def _composed(systems: list[str], taken: set[str]) -> Iterator[ProblemCode]:
    outside = ORIGINS["connectors"]
    for ending, (status, detail) in SYSTEM_CODES.items():
        codes = tuple(code for name in systems if (code := f"{name}_{ending}") not in taken)
        yield ProblemCode(f"<système>_{ending}", outside, {status}, [detail], codes)
    yield ProblemCode(
        "signed_file_<défaut>",
        ORIGINS["workers"],
        {422},
        [
            "Le fichier rendu par le prestataire n'est pas la convention envoyée, validement signée ; rien "
            "n'a été classé. Comparez-le chez le prestataire, puis relancez."
        ],
        tuple(f"signed_file_{fault}" for fault in SIGNED_FILE_CODES if f"signed_file_{fault}" not in taken),
    )
