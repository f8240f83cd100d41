"""Without its database the hub acknowledges nothing, and says that trying again is right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.handlers.callbacks import signed
from tests.pages.application import Application, sample


@pytest.fixture
def cut_off(application: Application, database_url: str) -> Application:
    """The database is gone, connections included."""
    application.runtime.database.close()
    if database_url.startswith("sqlite"):
        path = Path(database_url.removeprefix("sqlite:///"))
        path.rename(path.with_suffix(".away"))
        path.mkdir()
    else:
        server, _, name = database_url.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    return application


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/conventions"),
        ("GET", "/v1/conventions"),
        ("POST", "/v1/conventions/cv_1/cancel"),
        ("POST", "/v1/hooks"),
        ("GET", "/v1/me"),
        ("GET", "/metrics"),
    ],
)
def test_every_call_is_told_to_come_back(cut_off: Application, method: str, path: str) -> None:
    body = {"source": {"kind": "inline", "fields": sample()}} if path == "/v1/conventions" else {}
    given: dict[str, Any] = {"json": body} if method == "POST" else {}
    answer = cut_off.client.open(path, method=method, headers=cut_off.authorised, **given)
    told = answer.get_json()
    assert (answer.status_code, told["code"], told["retryable"]) == (503, "database_unavailable", True)
    assert int(answer.headers["Retry-After"]) > 0


def test_a_good_callback_is_not_acknowledged(cut_off: Application) -> None:
    raw, headers = signed({"event_id": "e1", "event_name": "signature_request.done"})
    answer = cut_off.client.post("/v1/callbacks/yousign", data=raw, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "database_unavailable")


def test_it_is_alive_but_not_ready(cut_off: Application) -> None:
    assert cut_off.client.get("/healthz").status_code == 200
    ready = cut_off.client.get("/readyz")
    assert (ready.status_code, ready.get_json()["database"]) == (503, False)
