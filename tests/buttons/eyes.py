"""What is looked at on every page, at every width, by day and by night."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_axe = Axe()


class Eyes:
    """Keeps a picture of each page in ``folder``, for a person to look at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: list[str] = []

    def look(self, page: Page, name: str) -> None:
        self.seen.append(name)
        assert page.locator("script").count() == 0, name
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(OVERFLOW) == 0, (name, width)
            for scheme in ("light", "dark") if width == 320 else ("light",):  # colours know no width
                page.emulate_media(color_scheme=scheme)
                found = _axe.run(page)
                assert found.violations_count == 0, (name, width, scheme, found.generate_report())
                page.screenshot(path=self.folder / f"{name}-{width}-{scheme}.png", full_page=True)
