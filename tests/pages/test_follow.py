"""The page on which a person follows one convention: true, plain, and discreet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pages.application import LINK, PATH, TO_ARCHIVED, TO_SENT, Application

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def page(application: Application, *moves: str, query: str = "") -> str:
    convention = application.convention(*moves)
    answer = application.client.get(application.follow_path(convention) + query, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def steps_shown(text: str) -> list[tuple[str, str]]:
    """``(progress, label)`` of the timeline."""
    found = re.findall(r'<li class="(\w+)"[^>]*><span class="label">([^<]*)', text)
    return [(progress, label.replace("\u00a0", " ").replace("’", "'")) for progress, label in found]


@pytest.mark.parametrize(
    ("moves", "state", "current"),
    [
        ((), "Reçue", "Convention rédigée"),
        (("read", "render"), "Rédigée", "Envoyée à la signature"),
        (TO_SENT, "Envoyée", "Ouverte par un signataire"),
        ((*TO_SENT, "open"), "Ouverte", "Signature : Client (C. D.)"),
        ((*TO_SENT, "open", "sign-s1"), "Ouverte", "Signature : Avocat (P. M.)"),
        ((*TO_SENT, "sign-s1", "sign-s2"), "Envoyée", "Fichier signé et preuve reçus"),
        (TO_ARCHIVED[:-1], "Signée", "Classée dans l'archive"),
    ],
)
def test_the_page_tells_the_state_and_what_comes_next(
    application: Application, moves: tuple[str, ...], state: str, current: str
) -> None:
    text = page(application, *moves)
    assert f'<h2 id="etat">{state}</h2>' in text
    assert [label for progress, label in steps_shown(text) if progress == "current"] == [current]
    assert '<meta http-equiv="refresh" content="5">' in text


@pytest.mark.parametrize(
    ("moves", "last"),
    [
        (TO_ARCHIVED, ("done", "Classée dans l'archive")),
        ((*TO_SENT, "open", "decline"), ("stopped", "Convention refusée")),
        ((*TO_SENT, "expire"), ("stopped", "Convention expirée")),
        (("read", "render", "cancel"), ("stopped", "Convention annulée")),
        (("fail",), ("stopped", "Arrêtée sur une erreur")),
    ],
    ids=lambda one: one[-1],
)
def test_an_ended_convention_tells_how_and_stops_refreshing(
    application: Application, moves: tuple[str, ...], last: tuple[str, str]
) -> None:
    text = page(application, *moves)
    assert steps_shown(text)[-1] == last
    assert not [label for progress, label in steps_shown(text) if progress in ("current", "todo")]
    assert "http-equiv" not in text


def test_a_reader_may_stop_the_refreshing_and_take_it_up_again(application: Application) -> None:
    moving = page(application, *TO_SENT)
    assert "?fixe=1" in moving
    still = page(application, *TO_SENT, query="?fixe=1")
    assert "http-equiv" not in still
    assert "la reprendre" in still


@pytest.mark.parametrize("moves", [TO_SENT, TO_ARCHIVED, ("read", "fail"), (*TO_SENT, "decline")])
def test_nobody_is_named_and_no_link_or_path_is_given(
    application: Application, moves: tuple[str, ...]
) -> None:
    text = page(application, *moves)
    assert "D2026-0417" in text
    for secret in (
        "Claire",
        "Durand",
        "Paul",
        "Martin",
        "@",
        LINK,
        PATH,
        "Conventions/",
        ".pdf",
        "scenario-42",
    ):
        assert secret not in text
    assert "Client\u00a0(C." in text or "Client (C." in text


def test_where_the_files_stand_is_told_by_archive_and_time(application: Application) -> None:
    convention = application.convention(*TO_ARCHIVED, archives=("folder", "google_drive"))
    text = application.client.get(application.follow_path(convention)).text
    assert re.findall(
        r"<span>(Folder|Google Drive)</span><span>classée et relue le 15 décembre 2026", text
    ) == [
        "Folder",
        "Google Drive",
    ]


def test_what_went_wrong_comes_with_what_to_do(application: Application) -> None:
    text = page(application, "fail")
    assert "Ce qu’il faut corriger" in text
    assert "Lecture de la fiche" in text
    assert "Client, e-mail\u00a0: manque." in text
    assert "/docs#probleme-record_invalid" in text


def test_the_next_automatic_try_is_told_in_paris_time(application: Application) -> None:
    text = page(application, "read", "render", "stumble")
    assert "Prochain essai le 15 décembre 2026 à 09:03:32." in text
    assert "Yousign est injoignable" in text


@pytest.mark.parametrize(("sandbox", "shown"), [("http://127.0.0.1:9", True), ("", False)])
def test_the_sandbox_is_announced_on_every_page(tmp_path: Path, sandbox: str, shown: bool) -> None:
    real = {"PARAPHE_YOUSIGN_API_KEY": "t", "PARAPHE_YOUSIGN_URL": "https://yousign.example"}
    application = Application(tmp_path, PARAPHE_SANDBOX_URL=sandbox, **({} if sandbox else real))
    path = application.follow_path(application.convention(*TO_SENT))
    for address in ("/", "/docs", path, "/suivi/wrong"):
        text = application.client.get(address, headers=HTML).text
        assert ("BAC À SABLE, SANS VALEUR" in text) is shown, address
    application.close()


@pytest.mark.parametrize("token", ["wrong", "ImN2X3gi.AAAA", "%00", "a" * 5000, "é"])
def test_a_bad_link_is_a_page_for_people_and_a_problem_for_programs(
    application: Application, token: str
) -> None:
    for_people = application.client.get(f"/suivi/{token}", headers=HTML)
    assert (for_people.status_code, for_people.mimetype) == (404, "text/html")
    assert "redemandez-le au cabinet" in for_people.text
    for_programs = application.client.get(f"/suivi/{token}")
    assert for_programs.status_code == 404
    assert for_programs.get_json()["code"] == "page_not_found"


def test_a_link_to_a_convention_that_is_gone_is_a_page_too(application: Application) -> None:
    answer = application.client.get(application.follow_path("cv_gone"), headers=HTML)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_pages_are_kept_by_nobody_and_run_nothing(application: Application) -> None:
    followed = application.follow_path(application.convention(*TO_SENT))
    for path in ("/", "/docs", followed, "/suivi/wrong"):
        headers = application.client.get(path, headers=HTML).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]


def test_the_style_is_not_sent_again_when_it_has_not_changed(application: Application) -> None:
    first = application.client.get("/style.css")
    assert first.mimetype == "text/css"
    again = application.client.get("/style.css", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
