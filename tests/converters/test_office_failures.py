"""The office killed, hung, swollen, worn out; its keeper or its hub killed: what is seen, what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.converters.libreoffice import LibreOffice
from connectors.converters.office_child import sockets_of
from documents.pdf import inspect
from domain.errors import Permanent, Retryable
from tests.converters.office import (
    alive,
    command,
    descendants,
    heavy,
    office,
    offices,
    paragraph,
    word,
    worked,
)
from tests.fixtures.waiting import wait_for

ROOT = Path(__file__).parents[2]
SHORT = word(paragraph("court"))
START = Callable[..., LibreOffice]


@pytest.fixture
def start() -> Iterator[START]:
    """An office of one's own, warm, closed at the end."""
    made: list[LibreOffice] = []

    def begin(**settings: Any) -> LibreOffice:
        made.append(office(**settings))
        made[-1].convert(SHORT)
        return made[-1]

    yield begin
    for one in made:
        one.close()


def works(converter: LibreOffice) -> bool:
    return inspect(converter.convert(SHORT)).text.strip() == "court"


def only_office(before: set[int]) -> int:
    (pid,) = offices() - before
    return pid


def during_conversion(converter: LibreOffice, pid: int, act: Callable[[], object]) -> BaseException:
    """What a conversion raises when ``act`` happens in the middle of it."""
    raised: list[BaseException] = []
    idle = worked(pid)

    def convert() -> None:
        try:
            converter.convert(heavy(40_000))
        except (Permanent, Retryable) as error:
            raised.append(error)

    thread = threading.Thread(target=convert)
    thread.start()
    wait_for(lambda: worked(pid) > idle + 0.2, 30, "an office at work")
    act()
    thread.join(60)
    assert raised, "the conversion ended well"
    return raised[0]


def test_an_office_killed_midway_is_retryable_and_the_next_conversion_works(start: START) -> None:
    before = offices()
    converter = start()
    pid = only_office(before)
    error = during_conversion(converter, pid, lambda: os.kill(pid, signal.SIGKILL))
    assert isinstance(error, Retryable)
    assert error.code == "converter_crashed"
    assert works(converter)


def test_an_office_killed_while_idle_is_replaced_unseen(start: START) -> None:
    before = offices()
    converter = start()
    pid = only_office(before)
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not alive(pid), 10, "the office gone")
    assert works(converter)


def test_a_keeper_killed_midway_takes_the_office_with_it(start: START) -> None:
    before, mine = offices(), descendants(os.getpid())
    converter = start()
    (keeper,) = {pid for pid in descendants(os.getpid()) - mine if "office_child.py" in command(pid)}
    pid = only_office(before)
    error = during_conversion(converter, pid, lambda: os.kill(keeper, signal.SIGKILL))
    assert isinstance(error, Retryable)
    wait_for(lambda: not alive(pid), 10, "the office gone with its keeper")
    assert works(converter)


def test_a_hung_office_is_given_up_within_its_time_and_replaced(start: START) -> None:
    before = offices()
    converter = start(timeout_seconds=3)
    pid = only_office(before)
    os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(Retryable) as late:
        converter.convert(SHORT)
    assert late.value.code == "converter_timeout"
    assert 2.5 < time.monotonic() - began < 6
    assert not alive(pid)
    assert works(converter)


def test_a_document_too_slow_is_given_up_within_its_time(start: START) -> None:
    converter = start(timeout_seconds=1)
    began = time.monotonic()
    with pytest.raises(Retryable) as late:
        converter.convert(heavy(150_000))
    assert late.value.code == "converter_timeout"
    assert time.monotonic() - began < 10
    assert works(converter)


def test_a_document_that_swells_the_office_is_refused_and_the_next_one_works(start: START) -> None:
    converter = start(memory_mb=230)
    with pytest.raises(Permanent) as refused:
        converter.convert(heavy(100_000))
    assert refused.value.code == "document_too_heavy"
    assert works(converter)


def test_an_office_is_replaced_after_its_number_of_documents(start: START) -> None:
    before = offices()
    converter = start(documents_before_restart=2)
    first = only_office(before)
    converter.convert(SHORT)
    assert only_office(before) == first
    converter.convert(SHORT)
    assert only_office(before) != first
    assert not alive(first)


def test_two_instances_are_independent(start: START) -> None:
    before = offices()
    one, other = start(), start()
    assert len(offices() - before) == 2
    one.close()
    assert len(offices() - before) == 1
    assert works(other)
    assert works(one), "a closed instance starts again when it is asked"


def test_closing_leaves_no_process_and_no_file(start: START) -> None:
    before, mine = offices(), descendants(os.getpid())
    converter = start()
    files = files_of(only_office(before))
    assert all(path.exists() for path in files)
    assert len(files) == 3, "its folder and its two sockets"
    converter.close()
    assert descendants(os.getpid()) <= mine
    assert not [path for path in files if path.exists()]


def files_of(pid: int) -> list[Path]:
    """What an office keeps on the disk: its folder, its sockets."""
    (profile,) = [argument for argument in command(pid).split() if "UserInstallation" in argument]
    folder = Path(profile.partition("file://")[2]).parent
    return [folder, *map(Path, sockets_of(pid))]


HUB = """
import os, sys
from tests.converters.office import office, offices, paragraph, word
converter = office()
converter.convert(word(paragraph("x")))
{more}
print(*offices(), flush=True)
sys.stdin.read()
"""


def hub(more: str = "") -> tuple[subprocess.Popen[str], int]:
    """A process that owns a warm office, and the office's pid."""
    process = subprocess.Popen(
        [sys.executable, "-c", HUB.format(more=more)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=["KILL", "TERM", "INT"])
def test_a_killed_hub_leaves_no_office_and_no_file(how: signal.Signals) -> None:
    process, pid = hub()
    files = files_of(pid)
    process.send_signal(how)
    process.communicate(timeout=20)
    wait_for(lambda: not alive(pid), 10, "no office left")
    wait_for(lambda: not [path for path in files if path.exists()], 10, "no file left")


def test_a_hub_killed_while_its_office_starts_leaves_no_office_and_no_file() -> None:
    process = subprocess.Popen([sys.executable, "-c", HUB.format(more="")], cwd=ROOT, stdin=subprocess.PIPE)
    pid = min(wait_for(lambda: offices(process.pid), 20, "an office starting"))
    files = files_of(pid)
    process.kill()
    process.communicate(timeout=20)
    wait_for(lambda: not alive(pid), 10, "no office left")
    wait_for(lambda: not [path for path in files if path.exists()], 10, "no file left")
    assert not list(Path("/tmp").glob(f"OSL_PIPE_*_{files[0].name}"))


def test_a_killed_hub_leaves_no_office_even_when_a_fork_of_it_lives_on() -> None:
    """The fork holds the keeper's input open: only the hub's own death tells."""
    process, pid = hub(
        "import signal\nchild = os.fork()\nif not child: signal.pause()\nprint(child, flush=True)"
    )
    fork = pid  # the first line is the fork's pid, the second the office's
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    try:
        process.kill()
        wait_for(lambda: not alive(pid), 10, "no office left")
    finally:
        os.kill(fork, signal.SIGKILL)
        process.communicate(timeout=20)


def test_a_fork_starts_an_office_of_its_own() -> None:
    process, _pid = hub(
        "read, write = os.pipe()\n"
        "if not os.fork():\n"
        "    made = converter.convert(word(paragraph('fourche')))\n"
        "    os.write(write, made[:5])\n"
        "    converter.close()\n"
        "    os._exit(0)\n"
        "os.wait()\n"
        "assert os.read(read, 5) == b'%PDF-'\n"
        "assert converter.convert(word(paragraph('parent'))).startswith(b'%PDF-')"
    )
    process.communicate(timeout=30)
    assert process.returncode == 0
