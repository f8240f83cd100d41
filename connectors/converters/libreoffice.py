"""LibreOffice kept warm: a Word document in, a PDF/A-2b out, one document at a time per instance.

The office lives in a child process (``office_child.py``) with its own profile and a private folder.
UNO has no timeout and a hung office blocks for ever, so the limits are enforced from outside: past
``timeout_seconds`` the whole process group is killed. Called by the ``convert`` step and the doctor.
"""

from __future__ import annotations

import json
import os
import platform
import re
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, Field

from connectors import Finding, Services
from connectors.converters.office_input import (
    UNREADABLE,
    NoGlyphError,
    NotWordError,
    prepare,
    trial_document,
)
from connectors.converters.office_profile import write_profile
from domain.errors import ParapheError, Permanent, Retryable

CHILD = Path(__file__).with_name("office_child.py")
START_SECONDS = 60.0
CLOSE_SECONDS = 5.0
#: an allocator that keeps the office's memory flat and saves 15 to 20 % of the time
JEMALLOC = Path(f"/usr/lib/{platform.machine()}-linux-gnu/libjemalloc.so.2")
PAGE_OBJECT = re.compile(rb"/Type\s*/Page\b")
MISSING = (
    "LibreOffice ou son pont Python est absent de cette machine : installez les paquets "
    "libreoffice-writer-nogui, python3-uno, fonts-liberation, fonts-dejavu-core, "
    "fonts-crosextra-carlito et fonts-crosextra-caladea."
)


NO_GLYPH = (
    "La convention contient des caractères qu'aucune police de ce serveur ne sait imprimer : "
    "installez une police qui les contient (par exemple le paquet fonts-noto-cjk) ou écrivez-les autrement."
)


class LibreOfficeConfig(BaseModel):
    soffice: str = Field("soffice", description="le programme de LibreOffice")
    python: str = Field("/usr/bin/python3", description="le python du système, celui qui a le module uno")
    timeout_seconds: float = Field(60, gt=0)
    memory_mb: int = Field(1500, ge=200, description="mémoire que LibreOffice ne peut dépasser, en Mo")
    documents_before_restart: int = Field(
        200, ge=1, description="documents après lesquels LibreOffice est relancé"
    )


class _OfficeGoneError(Exception):
    """The office or its keeper is gone: ``idle`` before the document was begun, ``died`` over it, or killed
    because it had become ``too_big``."""

    def __init__(self, reason: str = "died") -> None:
        super().__init__(reason)
        self.reason = reason


class _TooSlowError(Exception):
    """The time allowed has passed. (TimeoutError is an OSError, which a broken pipe is too.)"""


class _Office:
    """One keeper and its office, from start to end; never restarted."""

    def __init__(self, config: LibreOfficeConfig, soffice: Path) -> None:
        self.documents = 0
        self._work_dir = Path(tempfile.mkdtemp(prefix="paraphe-office-"))
        write_profile(self._work_dir / "profile")
        (self._work_dir / "trial.docx").write_bytes(trial_document())
        self._litter: list[str] = []
        order = {
            "soffice": str(soffice),
            "work_dir": str(self._work_dir),
            "memory_mb": config.memory_mb,
            "preload": str(JEMALLOC) if JEMALLOC.exists() else "",
            "parent": os.getpid(),
        }
        # a group of its own, so that one kill takes the keeper and the office; a bare environment, so
        # that no document can ever read ours
        self._keeper = subprocess.Popen(
            [config.python, "-I", str(CHILD), json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        )
        try:
            self._started()
        except BaseException:
            self.kill()
            raise

    def _started(self) -> None:
        try:
            answer = self._answer(START_SECONDS)
        except (_OfficeGoneError, _TooSlowError):
            answer = {}
        if answer.get("result") == "uno_missing":
            raise Permanent("converter_missing", MISSING)
        if answer.get("result") != "ready":
            raise Retryable(
                "converter_unavailable",
                "LibreOffice ne démarre pas : lancez le diagnostic (doctor) sur ce serveur.",
            )
        self._litter = answer["litter"]

    def convert(self, docx: bytes, seconds: float) -> bytes | None:
        """The PDF, or None when the document cannot be read. Raises _OfficeGoneError, _TooSlowError."""
        source, target = self._work_dir / "in.docx", self._work_dir / "out.pdf"
        try:
            source.write_bytes(docx)
            self._ask({"source": str(source), "target": str(target)})
            result = self._answer(seconds)["result"]
            self.documents += 1
            if result not in ("done", "unreadable"):
                raise _OfficeGoneError(result)
            return target.read_bytes() if result == "done" else None
        except OSError:
            raise _OfficeGoneError from None
        finally:
            source.unlink(missing_ok=True)
            target.unlink(missing_ok=True)

    def _ask(self, order: dict[str, str]) -> None:
        assert self._keeper.stdin is not None
        try:
            self._keeper.stdin.write(json.dumps(order).encode() + b"\n")
        except BrokenPipeError:
            raise _OfficeGoneError("idle") from None

    def _answer(self, seconds: float) -> dict[str, Any]:
        assert self._keeper.stdout is not None
        deadline = time.monotonic() + seconds
        waiter = select.poll()
        waiter.register(self._keeper.stdout, select.POLLIN)
        line = b""
        while not line.endswith(b"\n"):
            if not waiter.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise _TooSlowError
            piece = os.read(self._keeper.stdout.fileno(), 65536)
            if not piece:
                raise _OfficeGoneError
            line += piece
        answer: dict[str, Any] = json.loads(line)
        return answer

    @property
    def alive(self) -> bool:
        return self._keeper.poll() is None

    def close(self) -> None:
        """Let the keeper leave by itself (it ends when its input does), then make sure."""
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._keeper.wait(CLOSE_SECONDS)
        self.kill()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._keeper.pid, signal.SIGKILL)
        self._keeper.wait()
        for pipe in (self._keeper.stdin, self._keeper.stdout):
            if pipe is not None:
                pipe.close()
        for path in self._litter:
            Path(path).unlink(missing_ok=True)
        shutil.rmtree(self._work_dir, ignore_errors=True)


class LibreOffice:
    """Satisfies ``connectors.converters.Converter``; safe to call from several threads."""

    Config = LibreOfficeConfig
    archival: Final = True
    merges: Final = False

    def __init__(self, config: LibreOfficeConfig, _services: Services) -> None:
        self._config = config
        self._disown()

    def _disown(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._office: _Office | None = None

    def convert(self, docx: bytes) -> bytes:
        try:
            bare = prepare(docx)
        except NotWordError:
            raise Permanent("document_unreadable", UNREADABLE) from None
        except NoGlyphError:
            raise Permanent("character_without_font", NO_GLYPH) from None
        if self._pid != os.getpid():
            self._disown()  # we are a fork: the office belongs to the process that started it
        with self._lock:
            pdf = self._convert(bare)
            if pdf is None:
                # seen once in some sixty starts on a busy machine: an office that opens nothing. A document
                # is condemned for good only when a second, new office cannot read it either.
                self._drop()
                pdf = self._convert(bare)
        if pdf is None or not pdf.startswith(b"%PDF-") or not PAGE_OBJECT.search(pdf):
            raise Permanent("document_unreadable", UNREADABLE)
        return pdf

    def _convert(self, docx: bytes) -> bytes | None:
        office = self._ready_office()
        fresh = office.documents == 0
        try:
            return office.convert(docx, self._config.timeout_seconds)
        except _TooSlowError:
            self._drop()
            raise Retryable(
                "converter_timeout",
                "La conversion en PDF a dépassé le temps permis : elle sera reprise."
                " Si cela dure, allégez le modèle.",
            ) from None
        except _OfficeGoneError as gone:
            self._drop()
            if gone.reason == "died" or (gone.reason == "idle" and fresh):
                raise Retryable(
                    "converter_crashed", "LibreOffice s'est arrêté pendant la conversion : elle sera reprise."
                ) from None
            if fresh:
                raise Permanent(
                    "document_too_heavy",
                    "La conversion de ce document demande trop de mémoire :"
                    " allégez le modèle (images, tableaux).",
                ) from None
        # gone while idle, or swollen by all it has served: the document gets one try in a new office
        return self._convert(docx)

    def _ready_office(self) -> _Office:
        worn = self._office and self._office.documents >= self._config.documents_before_restart
        if self._office and (worn or not self._office.alive):
            self._office.close()
            self._office = None
        if self._office is None:
            self._office = _Office(self._config, _find_office(self._config))
        return self._office

    def _drop(self) -> None:
        if self._office is not None:
            self._office.kill()
            self._office = None

    def close(self) -> None:
        if self._pid != os.getpid():
            return
        with self._lock:
            if self._office is not None:
                self._office.close()
                self._office = None

    def check(self) -> tuple[Finding, ...]:
        try:
            self.convert(trial_document())
        except ParapheError as error:
            return (Finding(ok=False, text=error.detail),)
        return (Finding(ok=True, text="LibreOffice convertit un document Word en PDF/A."),)


def _find_office(config: LibreOfficeConfig) -> Path:
    """The office's own program: its launcher forks, and what it forks would outlive it."""
    launcher = shutil.which(config.soffice)
    if launcher is None or shutil.which(config.python) is None:
        raise Permanent("converter_missing", MISSING)
    program = Path(launcher).resolve()
    binary = program.with_name("soffice.bin")
    return binary if binary.exists() else program
