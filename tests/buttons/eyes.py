"""What is looked at on every page, at every width, by day and by night."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: colours know no width, and what axe finds at one width of a page without columns it finds at the next
VIEWS: tuple[tuple[int, Literal["light", "dark"], bool], ...] = (
    (320, "light", True),
    (320, "dark", True),
    (768, "light", False),
    (1280, "light", True),
)
_axe = Axe()


class Eyes:
    """Keeps pictures of each page in ``folder``, for a person to look at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def look(self, page: Page, name: str) -> None:
        assert page.locator("script").count() == 0, name
        for width, scheme, with_axe in VIEWS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(OVERFLOW) == 0, (name, width)
            page.screenshot(path=self.folder / f"{name}-{width}-{scheme}.png")
            if with_axe:
                found = _axe.run(page)
                assert found.violations_count == 0, (name, width, scheme, found.generate_report())
