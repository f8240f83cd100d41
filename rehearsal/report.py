"""What a firm keeps of a rehearsal: ``rapport.html`` to read and print, ``rapport.json`` for programs.

Neither holds a secret, a link or a person's data: file numbers of the rehearsal, hashes, and what was seen.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask

from domain.naming import PARIS
from rehearsal.outcome import LABELS, Ending, Result
from rehearsal.player import in_seconds

#: of the JSON report's shape
VERSION = 1
HTML, JSON, LOG = "rapport.html", "rapport.json", "journal-technique.jsonl"
_SHEET = Path(__file__).parents[1] / "templates" / "pages" / "style.css"
#: what no rehearsal of this kind can show
NOT_SHOWN = (
    "Les rappels du prestataire (callbacks) ne sont pas joués : le hub l'interroge. Abonnez-les avec « flask "
    "--app app callbacks subscribe », puis suivez une première convention à votre nom.",
    "Vos archives, votre source de fiches et la file d'attente se vérifient par « flask --app app doctor ».",
    "L'aspect des pages à l'écran n'est pas mesuré : ouvrez un lien sur votre téléphone.",
    "La qualité juridique des textes ne se joue pas : un avocat doit valider les modèles.",
)


@dataclass(frozen=True)
class Report:
    """``provider`` is the connector's name, ``label`` how people name it; ``versions`` name -> version;
    ``left_open`` are the file numbers of requests that could not be cancelled at the end."""

    began: datetime
    ended: datetime
    provider: str
    label: str
    sandbox: bool
    converter: str
    versions: dict[str, str]
    results: tuple[Result, ...]
    left_open: tuple[str, ...]

    @property
    def ending(self) -> Ending:
        """The worst of its scenarios; a request left before its signers is a failure too."""
        endings = {one.ending for one in self.results}
        if Ending.FAILED in endings or self.left_open or not self.results:
            return Ending.FAILED
        return Ending.BY_HAND if Ending.BY_HAND in endings else Ending.PASSED

    def count(self, ending: Ending) -> int:
        return sum(one.ending is ending for one in self.results)

    @property
    def summary(self) -> str:
        counted = (
            (self.count(Ending.PASSED), "réussi", "réussis"),
            (self.count(Ending.FAILED), "échoué", "échoués"),
            (self.count(Ending.BY_HAND), "à finir à la main", "à finir à la main"),
        )
        said = [f"{number} {many if number > 1 else one}" for number, one, many in counted if number]
        return f"{len(self.results)} scénarios : {', '.join(said) or 'aucun joué'}."


def save(report: Report, folder: Path, app: Flask) -> None:
    """Both reports in ``folder``, with the hash of every file that stands there."""
    files = tuple(_files(folder))
    data = json.dumps(as_data(report, files), ensure_ascii=False, indent=2)
    (folder / JSON).write_text(data + "\n", encoding="utf-8")
    (folder / HTML).write_text(as_page(report, files, app), encoding="utf-8")


def as_data(report: Report, files: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "outcome": report.ending.value,
        "summary": report.summary,
        "began_at": report.began.isoformat(timespec="seconds"),
        "ended_at": report.ended.isoformat(timespec="seconds"),
        "provider": report.provider,
        "provider_label": report.label,
        "sandbox": report.sandbox,
        "converter": report.converter,
        "versions": report.versions,
        "scenarios": [
            {**asdict(one), "ending": one.ending.value, "seconds": round(one.seconds, 1)}
            for one in report.results
        ],
        "left_open": list(report.left_open),
        "not_shown": list(NOT_SHOWN),
        "files": list(files),
    }


def as_page(report: Report, files: tuple[dict[str, Any], ...], app: Flask) -> str:
    """One page that needs nothing beside it."""
    return app.jinja_env.get_template("pages/rehearsal.html").render(
        report=report,
        labels=LABELS,
        files=files,
        not_shown=NOT_SHOWN,
        sheet=_SHEET.read_text(encoding="utf-8"),
        began=_moment(report.began),
        lasted=_lasted((report.ended - report.began).total_seconds()),
        in_seconds=in_seconds,
    )


def versions(app: Flask, template: str) -> dict[str, str]:
    hub = app.test_client().get("/openapi.json").get_json()["info"]["version"]
    return {
        "Paraphe": hub,
        "Modèle": template,
        "Python": platform.python_version(),
        "Système": platform.system(),
    }


def _files(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != LOG:  # still being written
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            yield {"path": path.relative_to(folder).as_posix(), "size": len(content), "sha256": digest}


def _moment(at: datetime) -> str:
    return at.astimezone(PARIS).strftime("%d/%m/%Y à %H\u00a0h\u00a0%M")


def _lasted(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
