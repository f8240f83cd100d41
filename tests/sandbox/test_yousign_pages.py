"""The signing page, clicked through in a real browser, on a phone and on a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.yousign_caller import Caller, Started

PHONE, DESK = (320, 640), (1280, 800)
ACCEPT, SIGN = "J’ai lu et j’accepte", "Signer le document"
WORTHLESS = "BAC À SABLE, SANS VALEUR"
#: WCAG relative luminance contrast, computed by the browser's own colours
CONTRAST = """
element => {
  const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number);
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  };
  const ground = node => {
    const colour = getComputedStyle(node).backgroundColor;
    return colour === 'rgba(0, 0, 0, 0)' ? ground(node.parentElement) : colour;
  };
  const both = [light(getComputedStyle(element).color), light(ground(element))];
  return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
}
"""


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height = request.param
    with browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False, locale="fr-FR"
    ) as context:
        yield context.new_page()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}) as context:
        yield context.new_page()


def click(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_three_gestures_lead_from_the_link_to_the_signature_without_javascript(
    page: Page, yousign: Caller
) -> None:
    started = yousign.start("otp_sms")
    page.goto(started.links[0])
    expect(page.get_by_text(WORTHLESS)).to_be_visible()
    click(page, ACCEPT)
    page.get_by_label("Code reçu par SMS").fill(page.locator("[data-code]").inner_text())
    click(page, SIGN)
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, le document est signé")
    assert yousign.status(started) == ("done", ["signed"])


def test_without_a_code_two_clicks_are_enough(page: Page, yousign: Caller) -> None:
    started = yousign.start("no_otp")
    page.goto(started.links[0])
    click(page, ACCEPT)
    click(page, SIGN)
    assert yousign.status(started)[0] == "done"


def test_the_thank_you_page_hands_over_the_sealed_document(phone: Page, yousign: Caller) -> None:
    started = yousign.start("no_otp")
    phone.goto(started.links[0])
    click(phone, ACCEPT)
    click(phone, SIGN)
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Télécharger le document signé").click()
    path = f"/signature_requests/{started.id}/documents/download?version=completed"
    assert download.value.path().read_bytes() == yousign.get(path).content
    assert download.value.suggested_filename == "document-signe.pdf"


def test_a_wrong_code_signs_nothing_and_says_so(page: Page, yousign: Caller) -> None:
    started = yousign.start("otp_email")
    page.goto(started.links[0])
    click(page, ACCEPT)
    right = page.locator("[data-code]").inner_text()
    page.get_by_label("Code reçu par e-mail").fill("000000" if right != "000000" else "111111")
    click(page, SIGN)
    expect(page.get_by_role("alert")).to_contain_text("Ce code n’est pas le bon")
    assert yousign.status(started) == ("ongoing", ["consent_given"])


def test_after_five_wrong_codes_the_code_changes(phone: Page, yousign: Caller) -> None:
    started = yousign.start("otp_sms")
    phone.goto(started.links[0])
    click(phone, ACCEPT)
    first = yousign.control.get(f"code?signer={started.signers[0]}")["code"]
    wrong = "000000" if first != "000000" else "111111"
    for _ in range(5):
        phone.get_by_label("Code reçu par SMS").fill(wrong)
        click(phone, SIGN)
    sent = [one for one in yousign.control.get("messages") if one["kind"] == "code"]
    assert len(sent) == 2
    assert {one["channel"] for one in sent} == {"sms"}


def test_another_code_can_be_asked_for(phone: Page, yousign: Caller) -> None:
    started = yousign.start("otp_sms")
    phone.goto(started.links[0])
    click(phone, ACCEPT)
    click(phone, "Recevoir un autre code")
    shown = phone.locator("[data-code]").inner_text()
    assert shown == yousign.control.get(f"code?signer={started.signers[0]}")["code"]


def test_a_refusal_carries_its_reason(page: Page, yousign: Caller) -> None:
    started = yousign.start("otp_sms")
    page.goto(started.links[0])
    page.get_by_text("Je ne souhaite pas signer").click()
    page.get_by_label("Motif du refus").fill("Le montant n'est pas celui convenu.")
    click(page, "Refuser de signer")
    expect(page.get_by_role("heading", level=1)).to_have_text("La signature a été refusée")
    told = yousign.read(f"/signature_requests/{started.id}")["decline_information"]
    assert told["reason"] == "Le montant n'est pas celui convenu."


def test_no_refusal_is_offered_when_it_is_not_allowed(phone: Page, yousign: Caller) -> None:
    phone.goto(yousign.start("no_otp", signers_allowed_to_decline=False).links[0])
    expect(phone.get_by_role("button", name=ACCEPT)).to_be_visible()
    expect(phone.get_by_text("Je ne souhaite pas signer")).to_have_count(0)


def test_every_page_of_the_document_is_shown_and_can_be_read_aloud(phone: Page, yousign: Caller) -> None:
    phone.goto(yousign.start("no_otp").links[0])
    pictures = phone.locator(".sheet img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        phone.wait_for_function(
            "image => image.complete && image.naturalWidth > 0", arg=picture.element_handle()
        )
        assert (picture.get_attribute("alt") or "").startswith("Page")
    phone.get_by_text("Lire le texte de la page 2").click()
    text = phone.locator(".plain").nth(1)
    expect(text).to_contain_text("Convention d'honoraires, page 2")
    expect(text).not_to_contain_text("{{")


def test_nothing_overflows_a_small_phone_and_what_is_touched_is_large(phone: Page, yousign: Caller) -> None:
    long_name = "Convention-d-honoraires-" + "interminable" * 6
    started = yousign.start("otp_sms", name=long_name)
    phone.goto(started.links[0])
    for step in (ACCEPT, None):
        assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        for button in phone.locator("button:visible, .button:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44
        if step:
            click(phone, step)


def test_texts_stand_out_from_their_ground(phone: Page, yousign: Caller) -> None:
    phone.goto(yousign.start("otp_sms").links[0])
    for step in (ACCEPT, None):
        for element in phone.locator("p:visible, h1, h2, label, summary:visible, button:visible, li").all():
            assert element.evaluate(CONTRAST) >= 4.5, element.inner_text()
        if step:
            click(phone, step)


def test_the_page_speaks_french_and_every_field_has_a_label(phone: Page, yousign: Caller) -> None:
    phone.goto(yousign.start("otp_sms").links[0])
    expect(phone.locator("html")).to_have_attribute("lang", "fr")
    expect(phone.get_by_role("main")).to_be_visible()
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="Aller au contenu")).to_be_focused()
    click(phone, ACCEPT)
    expect(phone.get_by_label("Code reçu par SMS")).to_be_focused()
    assert phone.get_by_label("Code reçu par SMS").get_attribute("autocomplete") == "one-time-code"


def test_only_our_own_assets_are_loaded_and_scripts_are_forbidden(phone: Page, yousign: Caller) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.on("console", lambda message: complaints.append(message.text))
    started = yousign.start("no_otp")
    answer = phone.goto(started.links[0])
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    root = started.links[0].split("/yousign/")[0]
    assert all(url.startswith(root) for url in asked)
    assert complaints == []


def test_who_comes_before_their_turn_is_asked_to_wait(phone: Page, yousign: Caller) -> None:
    started = yousign.start("no_otp", "no_otp", ordered_signers=True)
    phone.goto(started.links[1])
    expect(phone.get_by_role("heading", level=1)).to_have_text("Ce n’est pas encore votre tour")
    yousign.sign(started, started.signers[0])
    phone.goto(started.links[0])
    expect(phone.get_by_text("Une autre personne doit encore signer")).to_be_visible()


@pytest.mark.parametrize(
    ("end", "title"),
    [("cancel", "Cette demande a été annulée"), ("expire", "Le délai pour signer est passé")],
)
def test_a_link_that_no_longer_serves_says_why(phone: Page, yousign: Caller, end: str, title: str) -> None:
    started = yousign.start("no_otp")
    if end == "cancel":
        yousign.post(f"/signature_requests/{started.id}/cancel", {"reason": "other"}).raise_for_status()
    else:
        yousign.control.post("expire", {"signature_request": started.id})
    phone.goto(started.links[0])
    expect(phone.get_by_role("heading", level=1)).to_have_text(title)
    expect(phone.get_by_role("button")).to_have_count(0)


def signing_paths(started: Started) -> list[str]:
    return [f"{started.links[0]}/{path}" for path in ("consent", "sign", "code", "decline")]


def test_a_form_sent_too_late_changes_nothing(yousign: Caller) -> None:
    started = yousign.start("no_otp")
    yousign.sign(started)
    for url in signing_paths(started):
        assert yousign.client.post(url).status_code == 303
    assert yousign.status(started) == ("done", ["signed"])


def test_an_unknown_link_is_a_page_too(yousign: Caller) -> None:
    answer = yousign.client.get(yousign.url.replace("/v3", "/s/nobody"))
    assert answer.status_code == 404
    assert re.search("Ce lien ne mène à aucun document", answer.text)


def test_the_link_opens_once_in_the_story(yousign: Caller) -> None:
    started = yousign.start("no_otp")
    yousign.post(
        "/webhooks",
        {
            "endpoint": "http://127.0.0.1:9/nowhere",
            "sandbox": True,
            "subscribed_events": ["signer.link_opened"],
            "scopes": ["*"],
            "auto_retry": False,
            "enabled": True,
        },
    ).raise_for_status()
    for _ in range(3):
        assert yousign.client.get(started.links[0]).status_code == 200
    assert [one["event_name"] for one in yousign.control.get("deliveries")] == ["signer.link_opened"]
