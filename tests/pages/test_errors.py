"""Whatever goes wrong, who reads is shown a page in French; a program is given a problem document."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.pages.application import Application

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nulle-part", 404, "not_found"),
        ("POST", "/docs", 405, "method_not_allowed"),
        ("DELETE", "/buttons/wrong?record=rec1", 405, "method_not_allowed"),
        ("POST", "/connexion", 413, "body_too_large"),
        ("GET", "/cassee", 500, "internal_error"),
        ("GET", "/suivi/{}", 503, "database_unavailable"),
    ],
)
def test_an_error_is_a_page_for_who_reads_and_a_problem_for_a_program(
    application: Application, method: str, path: str, status: int, code: str
) -> None:
    application.flask.add_url_rule("/cassee", view_func=_broken)
    path = path.format(application.follow_path("cv_x").removeprefix("/suivi/"))
    if status == 503:
        with application.runtime.database.transaction() as tx:
            tx.execute(text("ALTER TABLE conventions RENAME TO elsewhere"))
    body = b"x" * 1_000_001 if status == 413 else None
    page = application.client.open(path, method=method, headers=HTML, data=body)
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert f"Code\u00a0: <code>{code}</code>" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert page.headers["Cache-Control"] == "no-store"
    told = application.client.open(path, method=method, data=body)
    assert (told.status_code, told.get_json()["code"]) == (status, code)
    for answer in (page, told):
        assert ("Allow" in answer.headers) is (status == 405)
        # the rest of the body stays unread: a client must not send its next call behind it
        assert (answer.headers.get("Connection") == "close") is (status == 413)


def test_a_call_of_the_contract_is_always_answered_as_one(application: Application) -> None:
    answer = application.client.get("/v1/me", headers=HTML)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def _broken() -> str:
    return str(Path("nothing") / 0)  # type: ignore[operator]
