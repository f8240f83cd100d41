"""Whether a provider's proof is about our signers and our document. No network.

A proof is read for what it says, whatever its shape: every text of a JSON file, of every page of a PDF.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from documents.pdf import compact, inspect
from domain.errors import Permanent
from domain.signature import ProofFile, Signer

_SHA256 = re.compile(r"[0-9a-f]{64}")
_DEEPEST = 40


@dataclass(frozen=True)
class ProofText:
    """What a proof says, fit for looking up: no accent, no case, nothing that a line break may change."""

    words: str
    hashes: frozenset[str]

    def names(self, signer: Signer) -> bool:
        """By e-mail address, or by full name in either order."""
        written = (signer.email, f"{signer.first_name} {signer.last_name}")
        turned = f"{signer.last_name} {signer.first_name}"
        return any(_plain(one) in self.words for one in (*written, turned))


def read_proof(files: Sequence[ProofFile]) -> ProofText:
    """Hostile or unreadable files say nothing: they never raise."""
    said = [text for file in files for text in _texts(file)]
    words = "\n".join(_plain(text) for text in said)
    hashes = frozenset(one for text in said for one in _SHA256.findall(text.lower()))
    return ProofText(words, hashes)


def strangers(proof: ProofText, signers: Iterable[Signer]) -> list[str]:
    """The keys of our signers whom the proof does not name."""
    return [signer.key for signer in signers if not proof.names(signer)]


def _texts(file: ProofFile) -> list[str]:
    if file.format == "json":
        try:
            return list(_leaves(json.loads(file.content), 0))
        except (ValueError, RecursionError):
            return []
    try:
        return list(inspect(file.content).texts)
    except Permanent:
        return []


def _leaves(value: Any, depth: int) -> Iterator[str]:
    """Every text of a JSON document; first and last names that stand side by side also make a full name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and depth < _DEEPEST:
        yield " ".join(one for one in value.values() if isinstance(one, str) and len(one) <= 120)
        for inner in value.values():
            yield from _leaves(inner, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for inner in value:
            yield from _leaves(inner, depth + 1)


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text)
    return compact("".join(one for one in bare if not unicodedata.combining(one))).casefold()
