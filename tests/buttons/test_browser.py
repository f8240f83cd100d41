"""The button's pages in a real browser, from the click in the table to the archive: with the mail that lets
in, the office that makes the document, and eyes on every page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from domain.steps import StepKind
from store import buttons, steps
from store.steps import Claimed
from tests.buttons.eyes import Eyes
from tests.buttons.firm import HELENE, PERSONAL, Firm
from tests.fixtures.waiting import wait_for
from workers.runtime import Runtime
from workers.steps import STEPS


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """axe is put into the page, which the policy of our pages forbids to all but who tests them."""
    made = browser.new_context(bypass_csp=True, locale="fr-FR", timezone_id="Europe/Paris")
    yield made
    made.close()


def sign_in(page: Page, firm: Firm, eyes: Eyes | None = None) -> None:
    """From the sign-in page, by the mail, and back to where the browser wanted to go."""
    page.get_by_label("Votre adresse").fill(HELENE)
    page.get_by_role("button", name="Recevoir un lien").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifiez votre courrier")
    if eyes:
        eyes.look(page, "courrier")
    wait_for(lambda: len(firm.mails()), 20, "the mail came")
    page.goto(firm.address + firm.last_link())
    if eyes:
        eyes.look(page, "lien")
    page.get_by_role("button", name="Continuer").click()


@pytest.mark.timeout(240)
def test_from_the_click_in_the_table_to_the_archive(
    firm: Firm, context: BrowserContext, tmp_path: Path
) -> None:
    opening = threading.Event()

    def held_back(runtime: Runtime, claimed: Claimed) -> None:
        assert opening.wait(60)
        STEPS[StepKind.PREVIEW](runtime, claimed)

    firm.table |= {StepKind.PREVIEW: held_back, StepKind.RENDER: STEPS[StepKind.RENDER]}
    eyes, path, page = Eyes(tmp_path), firm.button("send"), context.new_page()
    with firm.open_for_business() as address:
        page.goto(address + path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")
        assert not any(one in page.inner_text("body") for one in PERSONAL)
        eyes.look(page, "connexion")
        sign_in(page, firm, eyes)
        expect(page.get_by_role("heading", level=2)).to_have_text("L’aperçu se prépare")
        page.get_by_role("link", name="arrêter l’actualisation").click()
        eyes.look(page, "attente")
        page.get_by_role("link", name="la reprendre").click()
        opening.set()
        expect(page.get_by_role("heading", name="Qui signerait")).to_be_visible(timeout=60_000)
        text = page.inner_text("main")
        for told in ("Claire Durand", "claire.durand@example.com", "2026-0142", "2\u202f160,00", "Yousign"):
            assert told in text, told
        assert "/Conventions/" in text
        for image in page.locator(".sheets img").all():
            image.scroll_into_view_if_needed()
            expect(image).to_have_js_property("complete", True)
            assert image.evaluate("one => one.naturalWidth") > 1000
        eyes.look(page, "apercu")
        assert firm.conventions() == []
        page.get_by_role("button", name="Envoyer à la signature").click()
        expect(page.locator("#etat")).to_have_text("Envoyée", timeout=60_000)
        _sign(firm)
        expect(page.locator("#etat")).to_have_text("Archivée", timeout=30_000)
        eyes.look(page, "archivee")
        page.goto(address + path)
        expect(page.get_by_role("heading", name="Archivée")).to_be_visible()
        page.goto(address + firm.button("cancel"))
        expect(page.get_by_text("ne peut plus être annulée")).to_be_visible()
        eyes.look(page, "trop-tard")
    assert firm.sent() == 1


def _sign(firm: Firm) -> None:
    provider = firm.sandbox.control("yousign")
    (request,) = provider.get("signature_requests")
    provider.post("sign", {"signature_request": request["id"], "signer": "all"})
    with firm.runtime.database.transaction() as tx:
        steps.ask_provider(tx, firm.now, firm.conventions()[0]["id"])


def test_what_cannot_be_sent_is_told_in_words(firm: Firm, context: BrowserContext, tmp_path: Path) -> None:
    eyes, page = Eyes(tmp_path), context.new_page()
    firm.change_record(**{"E-mail": None, "Montant HT": None})
    revoked = firm.button("send")
    with firm.runtime.database.transaction() as tx:
        assert buttons.revoke(tx, firm.now, buttons.everything(tx)[0].id)
    with firm.open_for_business() as address:
        page.goto(address + revoked)
        expect(page.get_by_role("heading", level=1)).to_have_text("Page introuvable")
        eyes.look(page, "revoque")
        page.goto(address + firm.button("send"))
        sign_in(page, firm)
        expect(page.get_by_role("heading", name="Ce qu’il faut corriger")).to_be_visible(timeout=30_000)
        assert page.locator(".trouble li").count() >= 2
        assert page.get_by_role("button", name="Envoyer à la signature").count() == 0
        eyes.look(page, "refusee")
        firm.change_record(**{"E-mail": "claire.durand@example.com", "Montant HT": 1800})
        page.get_by_role("button", name="Relire la fiche").click()
        expect(page.get_by_role("button", name="Envoyer à la signature")).to_be_visible(timeout=30_000)
        page.locator("input[name=version]").evaluate("one => one.value = 'x'")
        page.get_by_role("button", name="Envoyer à la signature").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Rien n’a été fait")
        eyes.look(page, "rien-fait")
        page.get_by_role("link", name="Rouvrir la page").click()
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")
        page.go_back()
        assert not any(one in page.inner_text("body") for one in PERSONAL)
    assert firm.sent() == 0


def test_two_clicks_and_the_way_back_send_once_under_the_pages_own_policy(
    firm: Firm, browser: Browser
) -> None:
    """As for anybody: nothing of the policy is lifted, and nothing that the pages need is refused by it."""
    context = browser.new_context(viewport={"width": 320, "height": 800})
    page, refused, asked = context.new_page(), [], []
    page.on("console", lambda message: refused.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    with firm.open_for_business() as address:
        page.goto(address + firm.button("send"))
        sign_in(page, firm)
        button = page.get_by_role("button", name="Envoyer à la signature")
        expect(button).to_be_visible(timeout=30_000)
        image = page.locator(".sheets img").first
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("one => one.naturalWidth") > 0
        button.dblclick(no_wait_after=True)
        expect(page.locator("#etat")).to_have_text("Envoyée", timeout=30_000)
        page.go_back()
        expect(page.get_by_text("a déjà une convention en cours")).to_be_visible()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Suivre cette convention").click(modifiers=["ControlOrMeta"])
        opened.value.close()
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert [text for text in refused if "Content Security" in text or "Refused" in text] == []
    assert {url.partition("/")[2].strip("/").split("/")[0] for url in asked} == {
        address.removeprefix("http://")
    }
    assert (len(firm.conventions()), firm.sent()) == (1, 1)
    context.close()
