"""The office's keeper: started by ``libreoffice.py`` with the system's python, the one that has ``uno``.

It starts LibreOffice in a private folder, converts one document per JSON line read on stdin, answers
one JSON line per document on stdout, and takes the office down with itself: when its parent dies
(even by ``kill -9``), when stdin closes, or when the office grows past its memory.
It imports nothing of the project and knows no secret: its environment is the one it is given.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

try:
    import uno
    from com.sun.star.beans import PropertyValue
    from com.sun.star.connection import NoConnectException
    from com.sun.star.uno import Exception as UnoException
except ImportError:
    uno = None

START_SECONDS = 30.0
TRIAL = "trial.docx"
#: LibreOffice leaves with 81 when it has just made its profile and wants to be started again
START_AGAIN = 81
DYING_SECONDS = 1.0
WATCH_BUSY_SECONDS = 0.05
WATCH_IDLE_SECONDS = 0.25
PR_SET_PDEATHSIG = 1
#: how far above the watched limit the kernel itself refuses memory, should the watch be too slow
HARD_LIMIT_FACTOR = 3
#: of LibreOffice's own, those that its Word import never uses: each costs a millisecond to look at
NEVER_USED = frozenset({"Left Page", "Right Page", "Envelope", "Index", "HTML", "Landscape"})
NEVER = 0  # com.sun.star.document.MacroExecMode.NEVER_EXECUTE and UpdateDocMode.NO_UPDATE
PDF_A_2 = 2


class Office:
    """One LibreOffice process and the bridge to it."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._soffice: str = order["soffice"]
        self._work_dir = Path(order["work_dir"])
        self._memory_bytes: int = order["memory_mb"] * 1024 * 1024
        self._preload: str = order["preload"]
        self._parent: int = order["parent"]
        self._pipe = self._work_dir.name  # a name nobody else has
        self._context: Any = None
        self.process: subprocess.Popen[bytes] | None = None
        self.ready = False
        self.busy = False
        self.too_big = False

    def start(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        self.process = self._launch()
        while self._context is None:
            if time.monotonic() > deadline or os.getppid() != self._parent:
                raise TimeoutError
            if self.process.poll() is not None:
                if self.process.returncode != START_AGAIN:
                    raise OSError
                self.process = self._launch()
            self._context = self._connect()
        # an office answers before it can read: it is ready when it has read something
        while (trial := self._load(self._desktop(), self._work_dir / TRIAL)) is None:
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.05)
        trial.close(True)
        self.ready = True

    def _launch(self) -> subprocess.Popen[bytes]:
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self._work_dir),
            "TMPDIR": str(self._work_dir),
            "LANG": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",
        }
        if self._preload:
            environment["LD_PRELOAD"] = self._preload
        profile = (self._work_dir / "profile").as_uri()
        flags = ("--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nolockcheck")
        return subprocess.Popen(
            [
                self._soffice,
                *flags,
                f"-env:UserInstallation={profile}",
                f"--accept=pipe,name={self._pipe};urp;",
            ],
            env=environment,
            cwd=self._work_dir,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: bind_to_parent(self._memory_bytes * HARD_LIMIT_FACTOR),  # noqa: PLW1509 (one thread yet)
        )

    def _connect(self) -> Any:
        resolver = uno.getComponentContext().ServiceManager.createInstance(
            "com.sun.star.bridge.UnoUrlResolver"
        )
        try:
            return resolver.resolve(f"uno:pipe,name={self._pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.02)
            return None

    def convert(self, source: Path, target: Path) -> str:
        """``done``, or why not: ``unreadable``; ``died`` or ``too_big``, and then the office is gone;
        ``idle`` when it was gone before."""
        self.busy = True
        try:
            desktop = self._desktop()
        except UnoException:
            return "idle"
        try:
            return self._load_and_store(desktop, source, target)
        except UnoException:
            if self._leaves_within(DYING_SECONDS):
                return "too_big" if self.too_big else "died"
            return "unreadable"
        finally:
            self.busy = False

    def _leaves_within(self, seconds: float) -> bool:
        """A process killed is not gone at once: its bridge breaks first."""
        assert self.process is not None
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _desktop(self) -> Any:
        return self._context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", self._context
        )

    def _load(self, desktop: Any, source: Path) -> Any:
        """The document as the office holds it, None when it cannot read it."""
        # the filter is forced: left to guess, the office makes a PDF of any rubbish
        how = properties(
            FilterName="MS Word 2007 XML",
            Hidden=True,
            ReadOnly=True,
            MacroExecutionMode=NEVER,
            UpdateDocMode=NEVER,
        )
        return desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, how)

    def _load_and_store(self, desktop: Any, source: Path, target: Path) -> str:
        document = self._load(desktop, source)
        if document is None:
            return "unreadable"
        try:
            lay_out_again(document)
            options = properties(
                SelectPdfVersion=PDF_A_2, UseTaggedPDF=True, ExportBookmarks=True, ExportFormFields=False
            )
            filter_data = uno.Any("[]com.sun.star.beans.PropertyValue", options)
            document.storeToURL(
                target.as_uri(), properties(FilterName="writer_pdf_Export", FilterData=filter_data)
            )
        finally:
            document.close(True)
        return "done"

    def resident_bytes(self) -> int:
        assert self.process is not None
        try:
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        except (OSError, IndexError):
            return 0
        return pages * resource.getpagesize()

    def over_memory(self) -> bool:
        return self.ready and self.resident_bytes() > self._memory_bytes

    def sockets(self) -> list[str]:
        return sockets_of(self.process.pid) if self.process else []

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def sockets_of(pid: int) -> list[str]:
    """The socket files of a process in the system's /tmp: a killed office leaves them behind."""
    inodes = set()
    for entry in Path(f"/proc/{pid}/fd").glob("*"):
        with contextlib.suppress(OSError):
            link = str(entry.readlink())
            if link.startswith("socket:["):
                inodes.add(link[len("socket:[") : -1])
    rows = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    return sorted({row[7] for row in rows if len(row) > 7 and row[6] in inodes and row[7].startswith("/")})


def lay_out_again(document: Any) -> None:
    """Place every paragraph anew: loading can leave a heading alone at the bottom of a page."""
    styles = document.getStyleFamilies().getByName("PageStyles")
    known = map(styles.getByName, set(styles.getElementNames()) - NEVER_USED)
    heights = [(style, style.Height) for style in known if style.isInUse()]
    for change in (10, 0):  # a tenth of a millimetre, given back at once
        # all pages together: one kind after the other still left a heading alone, now and then
        document.lockControllers()
        for style, height in heights:
            style.Height = height + change
        document.unlockControllers()


def properties(**values: Any) -> tuple[Any, ...]:
    made = []
    for name, value in values.items():
        one = PropertyValue()
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def bind_to_parent(limit_bytes: int) -> None:
    """Runs in the process that becomes the office: die with the keeper, never swallow the machine."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, limit_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def watch(office: Office, parent: int, leave: Any) -> None:
    """Ends everything when the parent dies; kills the office that grows too big."""
    waiter = select.poll()
    waiter.register(parent, select.POLLIN)
    while True:
        seconds = WATCH_BUSY_SECONDS if office.busy else WATCH_IDLE_SECONDS
        if waiter.poll(seconds * 1000):
            leave(1)
        if office.over_memory():
            office.too_big = True
            office.kill()


def serve(office: Office) -> None:
    for line in sys.stdin:
        order = json.loads(line)
        result = office.convert(Path(order["source"]), Path(order["target"]))
        say(result=result, resident_mb=office.resident_bytes() // (1024 * 1024))
        if result not in ("done", "unreadable"):
            return


def say(**answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    order = json.loads(sys.argv[1])
    if uno is None:
        say(result="uno_missing")
        return
    office = Office(order)
    litter: list[str] = []

    def leave(code: int) -> None:
        paths = {*litter, *office.sockets()}
        office.kill()
        for path in paths:
            Path(path).unlink(missing_ok=True)
        shutil.rmtree(order["work_dir"], ignore_errors=True)
        os._exit(code)

    try:
        parent = os.pidfd_open(order["parent"])
        office.start()
        litter += office.sockets()
        threading.Thread(target=watch, args=(office, parent, leave), daemon=True).start()
        say(result="ready", litter=litter)
        serve(office)
    except (OSError, TimeoutError, UnoException):
        say(result="not_started")
    finally:
        leave(0)


if __name__ == "__main__":
    main()
