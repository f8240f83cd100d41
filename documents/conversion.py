"""Whether a conversion kept every clause: what the merged document says is looked for in the PDF's text.

Pages do not say it quite as it was written. A page break puts a foot and a head in the middle of a sentence;
letters that the font lacks come late; cells may come in an order of their own. Hence several readings of the
same pages, from the strictest on: a phrase that none of them holds, in its order, was lost.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, groupby, pairwise

from documents.pdf import Inspection, seen
from documents.phrases import FIELD, Phrase, Said, alike, read
from domain.errors import FieldError, Permanent
from domain.mentions.law import LAW

#: the annex that a client cuts out and sends back (code de la consommation, annex to R. 221-1)
FORM = "retract_formulaire"
MAX_TOLD = 5
#: letters that a text font may lack: another font prints them, and the PDF then tells them late
UNUSUAL = re.compile("[^\u0021-\u017f\u2010-\u205e\u20ac]")
#: a row that goes on over the page shows the beginning of each of its cells, then the end of each; a foot
#: may print what cannot be foreseen
SHORTEST_CUT, AROUND = 4, 2000
#: a page number, the likeliest first, or nothing
COUNT = r"(?:{number}|{total}|[0-9]{{1,4}}|[ivxlc]{{1,8}}|)"
ANYTHING = r".{0,200}?"

Places = dict[int, tuple[int, int]]


def require_clauses(docx: bytes, pdf: bytes, found: Inspection) -> None:
    """Raises Permanent: ``pdf_incomplete``, with one error per clause of which the PDF lost a phrase, or
    ``annex_not_apart`` when the withdrawal form begins on a page where the agreement still goes on (domain
    reference 2.2, K4 and 5). Tells no value.

    ``docx`` is what ``documents.merge`` made, ``pdf`` what a converter made of it, ``found`` its inspection.
    """
    said = read(docx)
    places: Places = {}
    for pages, as_read in _readings(said, pdf, found):
        places = _places(said.clauses, pages, as_read) | places
        if len(places) == len(said.clauses):
            break
    plain = [alike(text) for text in found.texts]
    lost = [
        phrase
        for rank, phrase in enumerate(said.clauses)
        if rank not in places and not _cut(phrase.text, plain)
    ]
    if lost:
        raise _incomplete(lost)
    _require_form_apart(said.clauses, places)


def _readings(said: Said, pdf: bytes, found: Inspection) -> Iterator[tuple[list[str], Callable[[str], str]]]:
    """Pages, and how a phrase would be read on them."""
    plain = [alike(text) for text in found.texts]
    without_foot = [_bare(page, said.running, rank, len(plain), "end") for rank, page in enumerate(plain, 1)]
    tops = (*said.running, *said.repeated)
    bodies = [_bare(page, tops, rank, len(plain), "start") for rank, page in enumerate(without_foot, 1)]
    shown, written = Counter("".join(plain)), Counter("".join(phrase.text for phrase in said.clauses))

    def usual(text: str) -> str:
        """A letter of which the pages show fewer than were written stays: one was lost."""
        return UNUSUAL.sub(lambda one: "" if shown[one[0]] >= written[one[0]] else one[0], text)

    yield bodies, str
    yield without_foot, str
    yield plain, str
    yield [alike(text) for text in seen(pdf)], str
    yield [UNUSUAL.sub("", text) for text in bodies], usual


def _bare(page: str, running: Sequence[str], number: int, total: int, side: str) -> str:
    """The page without what is repeated at that side of it, each thing once."""
    left = [_shape(text, number, total) for text in running]
    while True:
        for shape in left:
            cut = re.search(rf"\A{shape}" if side == "start" else rf"{shape}\Z", page)
            if cut and cut[0]:
                left.remove(shape)
                page = page[cut.end() :] if side == "start" else page[: cut.start()]
                break
        else:
            return page


def _shape(text: str, number: int, total: int) -> str:
    """At its edges only a page number is guessed: anything else could be the agreement's."""
    count = COUNT.format(number=number, total=total)
    first, *inner = (re.escape(piece) for piece in text.split(FIELD))
    made = first
    for rank, piece in enumerate(inner, 1):
        edge = not made or (rank == len(inner) and not piece)
        made += (count if edge else f"(?:{count}|{ANYTHING})") + piece
    return made


def _places(clauses: Sequence[Phrase], pages: list[str], as_read: Callable[[str], str]) -> Places:
    """The first and the last page of each phrase that comes, in this reading, after the one before it."""
    text, ends = "".join(pages), list(accumulate(map(len, pages)))
    cursor, places = 0, {}
    for _, group in groupby(enumerate(clauses), key=_together):
        follow = cursor
        for rank, phrase in group:
            wanted = as_read(phrase.text)
            at = text.find(wanted, 0 if phrase.apart else follow) if wanted else -1
            if at < 0 and wanted:
                at = text.find(wanted, cursor)
            if at >= 0:
                end = at + len(wanted)
                places[rank] = bisect_right(ends, at), bisect_right(ends, end - 1)
                follow = follow if phrase.apart else max(follow, end)
        cursor = follow
    return places


def _together(numbered: tuple[int, Phrase]) -> tuple[str, int]:
    """The cells of a row may come in any order; everything else comes one after the other."""
    rank, phrase = numbered
    return ("alone", rank) if phrase.row is None or phrase.apart else ("row", phrase.row)


def _cut(text: str, pages: list[str]) -> bool:
    """Whether a page ends within this text, near enough to what stands between its two parts."""
    cuts = range(SHORTEST_CUT, len(text) - SHORTEST_CUT + 1)
    return any(
        text[:at] in one[-at - AROUND :] and text[at:] in two[: len(text) - at + AROUND]
        for one, two in pairwise(pages)
        for at in cuts
    )


def _incomplete(lost: Sequence[Phrase]) -> Permanent:
    ids = list(dict.fromkeys(mention for phrase in lost for mention in phrase.mentions))[:MAX_TOLD]
    errors = tuple(
        FieldError(
            one, "clause_incomplete", f"{_label(one)} : le PDF ne contient pas tout le texte de cette clause."
        )
        for one in ids
    )
    named = ", ".join(f"« {_label(one)} »" for one in ids)
    return Permanent(
        "pdf_incomplete",
        f"La conversion en PDF a perdu du texte de la convention ({named}) : "
        "vérifiez dans le modèle que rien n'y est masqué ou coupé.",
        errors,
    )


def _label(mention: str) -> str:
    return LAW.mentions[mention].label if mention in LAW.mentions else mention


def _require_form_apart(clauses: Sequence[Phrase], places: Places) -> None:
    first = next((rank for rank, phrase in enumerate(clauses) if FORM in phrase.mentions), None)
    if first is None or first not in places:
        return
    page = places[first][0]
    if any(places[rank][1] >= page for rank in range(first) if rank in places and not clauses[rank].apart):
        raise Permanent(
            "annex_not_apart",
            "Le formulaire de rétractation ne commence pas en haut d'une page : "
            "ajoutez un saut de page avant lui dans le modèle.",
        )
