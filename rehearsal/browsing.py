"""A signing link opened and followed as a telephone's or a desktop's browser would, without JavaScript.

Nothing is drawn: what a page looks like is for a person to see. Made for the stand-ins' pages, on which the
code that would come by SMS or e-mail is printed (``data-code``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from connectors.http import Api, Limits, System
from rehearsal.outcome import Failed

_SYSTEM = System("signing_page", "La page de signature", "PARAPHE_SANDBOX")
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_PAGES = 12


@dataclass(frozen=True)
class Device:
    name: str
    agent: str


PHONE = Device(
    "téléphone",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
    "Mobile Safari/537.36",
)
DESKTOP = Device(
    "ordinateur",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
)


@dataclass
class Form:
    action: str
    is_main: bool = False
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What of a page matters here: its forms, what it loads, what it tells a narrow screen."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.assets: list[str] = []
        self.viewport = self.language = self.code = ""
        self.has_script = self._in_code = False
        self._form: Form | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag == "meta" and given.get("name") == "viewport":
            self.viewport = given.get("content", "")
        elif tag == "script":
            self.has_script = True
        elif tag in ("img", "link", "iframe"):
            self.assets += [given[name] for name in ("src", "href") if name in given]
        elif tag == "form":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        elif self._form and tag in ("input", "textarea", "button"):
            self._fill(self._form, tag, given)
        self._in_code = "data-code" in given

    def _fill(self, form: Form, tag: str, given: dict[str, str]) -> None:
        if tag == "button":
            form.is_main |= "main" in given.get("class", "").split()
        elif name := given.get("name"):
            form.fields[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.code, self._in_code = data.strip(), False

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def faults(self, url: str) -> list[str]:
        """What would keep it from being read on any screen, in words."""
        here = urlsplit(url).netloc
        strangers = {urlsplit(urljoin(url, asset)).netloc for asset in self.assets} - {here}
        found = (
            ("width=device-width" in self.viewport, "ne s'adapte pas à la largeur de l'écran (viewport)"),
            (self.language.startswith("fr"), "ne se dit pas en français (lang)"),
            (not self.has_script, "demande JavaScript"),
            (not strangers, "charge des fichiers d'un autre serveur"),
        )
        return [said for holds, said in found if not holds]


def sign(link: str, device: Device) -> int:
    """Follow the link to the last page, filling the main form of each; how many pages were read. Raises
    Failed for a page that a browser could not use, ParapheError when the server fails."""
    page, url = _read(link, "GET", {}, device)
    for seen in range(1, _MOST_PAGES):
        form = next((one for one in page.forms if one.is_main), None)
        if form is None:
            return seen
        filled = {name: page.code if name == "code" else value for name, value in form.fields.items()}
        page, url = _read(urljoin(url, form.action), "POST", filled, device)
    raise Failed("La page de signature tourne en rond.", "Signez à la main et prévenez le prestataire.")


def require_readable(html: str, url: str, what: str, device: Device) -> None:
    if faults := Page(html).faults(url):
        raise Failed(
            f"{what} ({device.name}) {', '.join(faults)}.", "Signalez-le : cette page ne se règle pas."
        )


def _read(url: str, method: str, data: dict[str, str], device: Device) -> tuple[Page, str]:
    """The page where redirects end, and its address."""
    for _ in range(_MOST_PAGES):
        parts = urlsplit(url)
        browser = Api(
            f"{parts.scheme}://{parts.netloc}", _SYSTEM, headers={"User-Agent": device.agent},
            now=lambda: datetime.now(UTC), limits=Limits(total_seconds=30),
        )  # fmt: skip
        path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        sent = {"data": data} if method == "POST" else {}
        answer = browser.request(method, path, expect=_REDIRECTS, **sent)  # type: ignore[arg-type]
        if answer.status not in _REDIRECTS:
            html = answer.body.decode("utf-8", "replace")
            require_readable(html, url, "La page de signature", device)
            return Page(html), url
        url, method = urljoin(url, answer.headers.get("location", "")), "GET"
    raise Failed("La page de signature renvoie sans fin d'une adresse à l'autre.", "Prévenez le prestataire.")
