"""The pages in a real browser: they fit, they can be read, they can be gone through by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.application import TO_ARCHIVED, TO_SENT, Application

STATES: dict[str, tuple[str, ...]] = {
    "sent": (*TO_SENT, "open", "sign-s1"),
    "retrying": ("read", "render", "stumble"),
    "archived": TO_ARCHIVED,
    "failed": ("read", "fail"),
    "declined": (*TO_SENT, "decline"),
}
#: every text against what is really painted behind it (WCAG 2.2, 1.4.3)
CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faults = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.getClientRects().length) continue;
    const [one, other] = [parse(getComputedStyle(element).color), behind(element)].map(light);
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) faults.push([ratio.toFixed(2), walker.currentNode.textContent.trim()]);
  }
  return faults;
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HEADINGS = "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => Number(h.tagName[1]))"


@pytest.fixture
def paths(application: Application) -> dict[str, str]:
    followed = {
        name: application.follow_path(application.convention(*moves)) + "?fixe=1"
        for name, moves in STATES.items()
    }
    return {"home": "/", "docs": "/docs", "bad link": "/suivi/wrong", **followed}


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def test_every_page_fits_from_a_small_phone_to_a_desk(tab: Page, address: str, paths: dict[str, str]) -> None:
    for width in (320, 768, 1280):
        tab.set_viewport_size({"width": width, "height": 900})
        for name, path in paths.items():
            tab.goto(address + path)
            assert tab.evaluate(OVERFLOW) == 0, (name, width)


def test_every_text_stands_out_by_day_and_by_night(tab: Page, address: str, paths: dict[str, str]) -> None:
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        for name, path in paths.items():
            tab.goto(address + path)
            assert tab.evaluate(CONTRAST) == [], (name, scheme)


def test_every_page_is_french_and_has_one_title_one_main_and_ordered_headings(
    tab: Page, address: str, paths: dict[str, str]
) -> None:
    for name, path in paths.items():
        tab.goto(address + path)
        assert tab.locator("html").get_attribute("lang") == "fr"
        assert tab.title()
        assert tab.locator("main").count() == 1
        levels: list[int] = tab.evaluate(HEADINGS)
        assert levels.count(1) == 1, name
        assert all(after - before <= 1 for before, after in pairwise(levels)), name


def test_the_policy_lets_the_style_in_and_nothing_is_refused(
    tab: Page, address: str, paths: dict[str, str]
) -> None:
    refused: list[Any] = []
    tab.on("console", lambda message: refused.append(message.text))
    for name, path in paths.items():
        tab.goto(address + path)
        assert tab.evaluate("document.styleSheets[0].cssRules.length") > 20, name
    assert [text for text in refused if "404" not in text] == []


def test_the_keyboard_reaches_the_content_first_and_its_place_is_seen(
    tab: Page, address: str, paths: dict[str, str]
) -> None:
    tab.goto(address + paths["failed"])
    tab.keyboard.press("Tab")
    expect(tab.locator(":focus")).to_have_text("Aller au contenu")
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.locator(":focus")).to_have_text("record_invalid")


def test_the_page_brings_the_news_by_itself(tab: Page, application: Application, address: str) -> None:
    convention = application.convention(*TO_ARCHIVED[:-1])
    tab.goto(address + application.follow_path(convention))
    expect(tab.locator("#etat")).to_have_text("Signée")
    application.move(convention, "archive")
    expect(tab.locator("#etat")).to_have_text("Archivée", timeout=15_000)
