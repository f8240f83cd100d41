"""A hostile template is refused within bounds that the system itself enforces: a process with little memory,
killed when it takes long. Passing these bounds ends the process, whatever it was doing."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.converters.office import OOXML, paragraph, word
from tests.documents.test_templates_refused import FILES, GOOD, LAUGHS, SLOW, document

#: what checking may add to the process, and the seconds that one template may take
MEGABYTES, SECONDS = 300, 30
CHECKER = """
import pathlib, resource, signal, sys
from documents.template import check

used = int(pathlib.Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
limit = used + int(sys.argv[1]) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
for path in sys.argv[3:]:
    signal.alarm(int(sys.argv[2]))
    faults = check(pathlib.Path(path).read_bytes())
    print(pathlib.Path(path).name, *{fault.code for fault in faults}, flush=True)
"""
ROOT = Path(__file__).parents[2]
NS = f'xmlns:w="{OOXML}/wordprocessingml/2006/main"'


def swollen(megabytes: int) -> bytes:
    """One part that unpacks to more than the memory there is."""
    made = io.BytesIO(word(GOOD))
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/media/bomb.png", "w") as part,
    ):
        for _ in range(megabytes):
            part.write(bytes(2**20))
    return made.getvalue()


def many(parts: int, megabytes: int) -> bytes:
    """Parts that are each bearable, and together are not."""
    return word(GOOD, parts={f"word/media/{rank}.png": bytes(megabytes * 2**20) for rank in range(parts)})


QUADRATIC = (
    f'<!DOCTYPE w [<!ENTITY a "{"a" * 50_000}">]><w:document {NS}><w:body><w:p><w:r><w:t>'
    + "&a;" * 50_000
    + "</w:t></w:r></w:p></w:body></w:document>"
)
HOSTILE = {
    **{name: docx for name, (docx, _code) in FILES.items()},
    **{f"slow {name}": word(paragraph(text)) for name, text in SLOW.items()},
    "a part of 400 MB": swollen(400),
    "sixty parts of 10 MB": many(60, 10),
    "quadratic entities": document(QUADRATIC),
    "laughs in a header": word(GOOD, parts={"word/header1.xml": LAUGHS}),
}


def test_every_hostile_template_is_refused_within_bounded_memory_and_time(tmp_path: Path) -> None:
    names = dict(enumerate(HOSTILE))
    for rank, docx in enumerate(HOSTILE.values()):
        (tmp_path / str(rank)).write_bytes(docx)
    paths = [str(tmp_path / str(rank)) for rank in names]
    done = subprocess.run(
        [sys.executable, "-c", CHECKER, str(MEGABYTES), str(SECONDS), *paths],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS * 4,
    )  # fmt: skip
    told = dict(line.partition(" ")[::2] for line in done.stdout.splitlines())
    last = names.get(len(told), "none")
    assert done.returncode == 0, f"ended over: {last}; {done.stderr[-500:]}"
    accepted = [name for rank, name in names.items() if not told.get(str(rank))]
    assert accepted == []


def test_the_bounds_are_real(tmp_path: Path) -> None:
    """The same process dies over what it may not do: memory that it cannot have."""
    (tmp_path / "0").write_bytes(word(GOOD))
    greedy = CHECKER + f"\nbytes({MEGABYTES + 50} * 2**20)\n"
    done = subprocess.run(
        [sys.executable, "-c", greedy, str(MEGABYTES), str(SECONDS), str(tmp_path / "0")],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS * 2,
    )  # fmt: skip
    assert done.stdout.startswith("0")
    assert "MemoryError" in done.stderr
