"""Signing in by a mailed link: nothing is seen before it, and it tells nobody who is on the list."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from domain.steps import StepKind
from store import buttons, mails
from store.models import Base, Mail, Person, PersonSession, Preview, SignInLink, Step
from store.people import LINK_LIFE, SESSION_LIFE
from tests.buttons.firm import HELENE, HTML, PAUL, PERSONAL, Firm
from tests.fixtures.sandbox import Sandbox
from workers import clock

HIDDEN = re.compile(r'<input type="hidden"[^>]*>')
WRITTEN = (Preview, Step, SignInLink, Person, PersonSession, Mail)


def kept(firm: Firm) -> list[int]:
    with firm.runtime.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in WRITTEN]


def test_who_is_not_signed_in_sees_the_sign_in_page_alone(firm: Firm) -> None:
    one, other = firm.button("send"), firm.button("cancel", "recAnotherRecord1")
    seen = set()
    for path in (one, other):
        base, _, query = path.partition("?")
        for method, address in (
            ("GET", path), ("POST", path), ("POST", f"{base}/relire?{query}"),
            ("GET", f"{base}/apercu.pdf?{query}"), ("GET", f"{base}/page-1.png?{query}"),
        ):  # fmt: skip
            answer = firm.client.open(address, method=method, headers=HTML)
            assert answer.status_code == 403
            seen.add(HIDDEN.sub("", answer.text))
    (page,) = seen
    assert "Connexion" in page
    assert not [one for one in PERSONAL if one in page]
    assert kept(firm) == [0] * len(WRITTEN)
    assert firm.sandbox.control("airtable").requests() == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/buttons/wrong?record=recClaireDurand01", 404),
        ("{}", 422),
        ("{}?record=../../v0/meta", 422),
        ("{}?record=recClaireDurand01%00", 422),
        ("{}?record=recClaireDurand0%C3%A9", 422),
    ],
)
def test_an_address_that_nobody_made_is_an_error_page(firm: Firm, path: str, status: int) -> None:
    address = path.format(firm.button("send").partition("?")[0])
    answer = firm.signed_in().get(address, headers=HTML)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert "<form" not in answer.text


def test_a_revoked_button_opens_nothing_and_a_link_asked_from_it_still_signs_in(firm: Firm) -> None:
    path, client = firm.button("send"), firm.client
    firm.ask_link(client, path)
    with firm.runtime.database.transaction() as tx:
        assert buttons.revoke(tx, firm.now, buttons.everything(tx)[0].id)
    assert client.post(firm.last_link(), headers=HTML).headers["Location"] == "/connecte"
    assert client.get("/connecte").status_code == 200
    assert client.get(path, headers=HTML).status_code == 404


def test_everybody_is_answered_the_same_and_only_the_list_is_written_to(firm: Firm) -> None:
    addresses = (
        HELENE,
        " Helene.MARTIN@example.com",
        "stranger@example.com",
        "no address",
        "",
        "é@é",
        "a" * 999,
    )
    answers = [firm.ask_link(firm.client, firm.button("send"), email=one) for one in addresses]
    assert {(one.status_code, one.text) for one in answers} == {(200, answers[0].text)}
    firm.work()
    assert [one["to"] for one in firm.mails()] == [[HELENE], [HELENE]]
    assert kept(firm)[WRITTEN.index(Person)] == 1


def test_the_mail_holds_a_link_and_nothing_of_a_record(firm: Firm) -> None:
    path = firm.button("send")
    firm.ask_link(firm.client, path)
    secret = firm.last_link().rpartition("/")[2]
    (mail,) = firm.mails()
    assert (mail["subject"], mail["from"]) == ("Votre lien de connexion", "paraphe@example.com")
    assert mail["headers"]["Auto-Submitted"] == "auto-generated"
    token, _, record = path.removeprefix("/buttons/").partition("?record=")
    assert not [one for one in (*PERSONAL, token, record, HELENE) if one in mail["text"]]
    with firm.runtime.database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = str(connection.execute(text(f"SELECT * FROM {table.name}")).all())
            assert secret not in rows, table.name
            assert HELENE not in rows, table.name
    assert kept(firm)[WRITTEN.index(Mail)] == 0


def test_a_link_signs_in_once_whoever_opens_it_first(firm: Firm) -> None:
    """Opening uses nothing up; two who press at the same time are one; another browser than the one that
    asked is as good."""
    path = firm.button("send")
    firm.ask_link(firm.client, path)
    link = firm.last_link()
    for _ in range(3):
        assert firm.client.get(link, headers=HTML).status_code == 200
    assert firm.client.post(link, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 422
    with ThreadPoolExecutor(4) as pool:
        presses = [pool.submit(firm.client.post, link, headers=HTML) for _ in range(4)]
    answers = sorted((press.result() for press in presses), key=lambda one: one.status_code)
    assert [one.status_code for one in answers] == [303, 404, 404, 404]
    assert answers[0].headers["Location"] == path
    assert firm.client.get(link, headers=HTML).status_code == 404
    assert firm.client.get("/connexion/wrong", headers=HTML).status_code == 404


def test_continue_pressed_twice_leads_where_it_led_and_signs_nobody_else_in(firm: Firm) -> None:
    client, path = firm.client, firm.button("send")
    firm.ask_link(client, path)
    link = firm.last_link()
    answers = [client.post(link, headers=HTML) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert {one.headers["Location"] for one in answers} == {path}
    assert [len(one.headers.getlist("Set-Cookie")) for one in answers] == [1, 0]
    for other in (firm.client, firm.signed_in(PAUL)):
        assert other.post(link, headers=HTML).status_code == 404
    assert client.post("/connexion/wrong", headers=HTML).status_code == 404
    firm.later(LINK_LIFE.total_seconds())
    assert client.post(link, headers=HTML).status_code == 404


def test_a_link_is_over_after_a_quarter_of_an_hour_and_leaves_nothing(firm: Firm) -> None:
    firm.ask_link(firm.client)
    link = firm.last_link()
    firm.later(LINK_LIFE.total_seconds() - 1)
    assert firm.client.get(link).status_code == 200
    firm.later(1)
    assert firm.client.get(link).status_code == 404
    assert firm.client.post(link).status_code == 404
    clock.tick(firm.runtime)
    assert kept(firm)[WRITTEN.index(SignInLink)] == 0


def test_a_mail_that_could_not_leave_in_time_is_forgotten(firm: Firm) -> None:
    url = f"{firm.sandbox.url}/mail/_control/settings"
    firm.sandbox.client.patch(url, json={"refusal": "451 later"}).raise_for_status()
    firm.ask_link(firm.client)
    firm.work(StepKind.MAIL)
    assert kept(firm)[WRITTEN.index(Mail)] == 1
    firm.later(LINK_LIFE.total_seconds())
    with firm.runtime.database.transaction() as tx:
        assert mails.forget_expired(tx, firm.now) == 1
    assert (kept(firm)[1], firm.mails()) == (0, [])


def test_links_are_few(firm: Firm) -> None:
    """Three to one address in a quarter of an hour; the others are not kept from theirs."""
    for _ in range(5):
        assert firm.ask_link(firm.client).status_code == 200
    firm.ask_link(firm.client, email=PAUL)
    firm.work()
    assert [one["to"][0] for one in firm.mails()].count(HELENE) == 3
    assert [one["to"][0] for one in firm.mails()].count(PAUL) == 1
    firm.later(LINK_LIFE.total_seconds())
    firm.ask_link(firm.client)
    firm.work()
    assert len(firm.mails()) == 5


@pytest.mark.parametrize(
    ("public", "name", "secure"),
    [("http://127.0.0.1:8000", "paraphe", False), ("https://hub.example", "__Host-paraphe", True)],
)
def test_the_cookie_is_the_browsers_own(
    tmp_path: Path, sandbox: Sandbox, public: str, name: str, secure: bool
) -> None:
    firm = Firm(tmp_path, sandbox, PARAPHE_PUBLIC_URL=public)
    firm.ask_link(firm.client)
    firm.work(StepKind.MAIL)
    found = re.search(rf"{re.escape(public)}(/connexion/\S+)", firm.mails()[-1]["text"])
    assert found
    cookie = firm.client.post(found[1], headers=HTML).headers["Set-Cookie"]
    assert cookie.startswith(f"{name}=")
    told = {part.strip().partition("=")[0]: part.partition("=")[2] for part in cookie.split(";")[1:]}
    assert ("Secure" in told) is secure
    assert {"HttpOnly", "SameSite", "Path", "Max-Age", "Expires"} >= set(told) - {"Secure"}
    assert (told["SameSite"], told["Path"], told["Max-Age"]) == ("Lax", "/", "43200")
    assert "Domain" not in told
    assert cookie.partition("=")[2].partition(";")[0] not in str(_sessions(firm))
    firm.close()


def _sessions(firm: Firm) -> list[object]:
    with firm.runtime.database.engine.connect() as connection:
        return list(connection.execute(text("SELECT * FROM person_sessions")).all())


def test_a_session_ends_by_itself_by_its_person_and_by_the_operator(firm: Firm) -> None:
    path, run = firm.button("remind"), firm.flask.test_cli_runner().invoke
    first, second = firm.signed_in(), firm.signed_in()
    form = firm.opened(first, path)
    assert first.post("/deconnexion", data={"jeton": "x"}).status_code == 422
    cookie = first.get_cookie("paraphe")
    assert first.post("/deconnexion", data=form, headers=HTML).status_code == 200
    assert cookie and first.get_cookie("paraphe") is None
    first.set_cookie("paraphe", cookie.value)  # kept by somebody: worth nothing any more
    assert [one.get(path).status_code for one in (first, second)] == [403, 200]
    listed = run(args=["people", "list"]).output
    assert HELENE in listed and "autorisée" in listed
    assert run(args=["people", "revoke", listed.split()[0]]).output == "Connexions fermées : 1.\n"
    assert second.get(path).status_code == 403
    third = firm.signed_in()
    firm.later(SESSION_LIFE.total_seconds() - 1)
    assert third.get(path).status_code == 200
    firm.later(1)
    assert third.get(path).status_code == 403


def test_who_is_taken_off_the_list_is_out_at_once(firm: Firm, sandbox: Sandbox) -> None:
    path, client = firm.button("remind"), firm.signed_in(PAUL)
    cookie = client.get_cookie("paraphe")
    assert cookie and client.get(path).status_code == 200
    firm.ask_link(firm.client, email=PAUL)
    link = firm.last_link()
    later = Firm(firm.folder, sandbox, people=HELENE, PARAPHE_ENCRYPTION_KEYS=firm.ring)
    left = later.client
    left.set_cookie("paraphe", cookie.value)
    assert left.get(path).status_code == 403
    assert left.post(link).status_code == 404
    later.close()


def test_without_a_mail_server_the_page_says_so_to_everybody(tmp_path: Path, sandbox: Sandbox) -> None:
    real = {"PARAPHE_YOUSIGN_API_KEY": "t", "PARAPHE_YOUSIGN_URL": "https://yousign.example"}
    firm = Firm(tmp_path, sandbox, sandboxed="", PARAPHE_AIRTABLE_TOKEN="t", **real)
    path = firm.button("send")
    answers = [firm.ask_link(firm.client, path, email=one) for one in (HELENE, "stranger@example.com")]
    assert {one.status_code for one in answers} == {422}
    assert "n’est pas configuré" in answers[0].text
    assert answers[0].text == answers[1].text
    firm.close()
