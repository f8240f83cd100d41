"""Structured logs: one JSON object a line, from an allow-list of fields.

An event is a constant snake_case name; what varies stands in fields. A field that is not on the list
is dropped: personal data and secrets cannot reach a log by accident. Messages of libraries are reduced
to the logger's name and level, because they may quote what they were handling; exceptions to their
type and the place in our code.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

FIELDS = frozenset(
    {
        "convention", "step", "kind", "callback", "provider", "archive", "source", "hook", "event_type",
        "state", "move", "attempt", "status", "code", "duration_ms", "method", "route", "count", "key",
        "request", "signal", "wait_s", "size", "pages",
    }
)  # fmt: skip

#: libraries whose ordinary messages hold nothing of ours: start and stop of the web server. Its warnings
#: do: they quote the request line or the header that could not be read
_TRUSTED = ("gunicorn.error",)
_ROOT = Path(__file__).parent


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.startswith("paraphe")
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.msg if ours else "library_message",
        }
        if ours:
            line |= {name: value for name, value in record.__dict__.items() if name in FIELDS}
        else:
            line["logger"] = record.name
            if record.name.startswith(_TRUSTED) and record.levelno <= logging.INFO:
                line["message"] = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["at_code"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _places(trace: TracebackType | None) -> list[str]:
    """``file:line`` of our own frames, innermost last; never the exception's text."""
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_ROOT)]
    return [f"{Path(frame.filename).relative_to(_ROOT)}:{frame.lineno}" for frame in ours[-6:]]


def configure(level: str) -> None:
    """Send every log of this process to standard error as JSON lines."""
    logging.raiseExceptions = False  # a line that cannot be written must not be printed with its values
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("paraphe").setLevel(level.upper())
    for name in _TRUSTED:
        trusted = logging.getLogger(name)
        trusted.setLevel(logging.INFO)
        trusted.handlers, trusted.propagate = [], True


@contextmanager
def kept_in(path: Path) -> Iterator[None]:
    """Meanwhile the logs of this process go to this file alone."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before, root.handlers[:] = list(root.handlers), [handler]
    try:
        yield
    finally:
        root.handlers[:] = before
        handler.close()


def get(name: str) -> logging.Logger:
    """``get("worker").info("step_done", extra={"step": id})``"""
    return logging.getLogger(f"paraphe.{name}")
