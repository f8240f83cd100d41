"""The application of these tests, and a real browser on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests.pages.application import Application


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    made = Application(tmp_path)
    yield made
    made.close()


@pytest.fixture
def address(application: Application) -> Iterator[str]:
    """The application over real HTTP on loopback; its URL, without a trailing slash."""
    server = make_server("127.0.0.1", 0, application.flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
