"""Where the anchors of a document stand, for providers that want coordinates."""

from __future__ import annotations

import pytest
from fpdf import FPDF

from documents.pdf import places
from domain.errors import Permanent
from domain.signature import ANCHOR

MARKS = {key: ANCHOR.format(key=key, rank=rank) for rank, key in enumerate(("s1", "s2"), 1)}


def _document(*marks: tuple[str, float, float]) -> bytes:
    """One page for each (text, x, y of its baseline), in points from the top left."""
    document = FPDF(unit="pt", format="A4")
    document.set_font("Helvetica", size=10)
    for text, x, y in marks:
        document.add_page()
        document.text(x, y, text)
    return bytes(document.output())


def test_each_anchor_is_found_on_its_page_from_the_top_left() -> None:
    found = places(_document((f"avant {MARKS['s2']}", 30, 100), (MARKS["s1"], 200, 700)), MARKS)
    assert (found["s1"].page, found["s2"].page) == (2, 1)
    assert found["s1"].x == pytest.approx(200, abs=2)
    assert found["s1"].y == pytest.approx(700 - 8, abs=4)
    assert found["s2"].x > 50, "the words before it are not part of it"


def test_a_signer_without_an_anchor_is_told() -> None:
    with pytest.raises(Permanent) as raised:
        places(_document((MARKS["s1"], 50, 50)), MARKS)
    assert raised.value.code == "anchors_missing"
