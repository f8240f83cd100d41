"""From a record to what its lawyer is told, with the real office: the level advised, the one chosen and why,
the warnings; kept with the agreement, shown to its callers and on its page, codes alone elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from documents.pdf import inspect
from domain.steps import StepKind
from store import conventions, steps
from tests.mentions.test_report_kept import get, run_all
from tests.pages.application import Application
from tests.unit.samples import record

PAGE = "https://conventions.cabinet-exemple.example/retractation"
REASON = "Monsieur Girard signe depuis Zanzibar, sans portable français."
CHANGES = {"Sensible": "oui", "Niveau de signature": "simple", "Motif de dérogation": REASON}
ADVICE = {
    "level": "advanced",
    "authentication": "otp_sms",
    "rule": 3,
    "reason": "Le dossier est sensible ou médiatique : une signature avancée est conseillée.",
    "chosen": "simple",
    "lowered": True,
    "level_reason": REASON,
}


def rendered(application: Application) -> str:
    """A consultation asked for online by a consumer who may withdraw, rendered and tried for sending."""
    convention_id = application.convention("read")
    with application.runtime.database.transaction() as tx:
        row = conventions.lock(tx, convention_id)
        row.template = "conseil"
        row.record = record("conseil-thomas-girard", **CHANGES).model_dump(mode="json")
        steps.add(tx, application.now, StepKind.RENDER, row.id, key=f"render:{row.id}")
    run_all(application, convention_id)
    return convention_id


def test_the_advice_and_the_warnings_stay_with_the_convention(tmp_path: Path) -> None:
    application = Application(tmp_path, PARAPHE_CABINET_RETRACTATION_URL=PAGE)
    try:
        convention_id = rendered(application)
        shown = get(application, convention_id)
        assert shown["state"] == "rendered"
        assert shown["mentions"]["blocking"] == []
        assert shown["advice"] == ADVICE
        assert [one["code"] for one in shown["warnings"]] == ["wait_for_withdrawal"]
        assert set(shown["warnings"][0]) == {"path", "code", "detail"}
        _is_printed(application, convention_id)
        _is_on_the_page(application, convention_id)
        _is_told_by_codes(application, convention_id)
    finally:
        application.close()
    assert not [path for path in tmp_path.glob("paraphe.db*") if b"Zanzibar" in path.read_bytes()]


def _is_printed(application: Application, convention_id: str) -> None:
    answer = application.client.get(
        f"/v1/conventions/{convention_id}/document", headers=application.authorised
    )
    text = inspect(answer.data).text
    assert PAGE in "".join(text.split())
    assert "signature électronique simple" in " ".join(text.split())


def _is_on_the_page(application: Application, convention_id: str) -> None:
    page = application.client.get(application.follow_path(convention_id)).text.replace("\u202f", " ")
    assert "Signature simple ; le niveau conseillé est «\u00a0avancée\u00a0»." in page
    assert "Le dossier est sensible ou médiatique" in page
    assert "Le motif de ce niveau inférieur a été donné" in page
    assert "À vérifier par l’avocat" in page
    assert "ne commencez pas la mission avant la fin du délai" in page
    assert "Zanzibar" not in page
    assert "Girard" not in page


def _is_told_by_codes(application: Application, convention_id: str) -> None:
    journal = get(application, f"{convention_id}/journal")
    (entry,) = (one for one in journal["items"] if one["action"] == "rendered")
    details: dict[str, Any] = entry["details"]
    assert journal["intact"]
    assert {name: details[name] for name in details if name not in ("sha256", "template")} == {
        "level": "simple",
        "level_advised": "advanced",
        "level_rule": 3,
        "level_reason_given": True,
        "warnings": ["wait_for_withdrawal"],
    }
    events = application.client.get("/v1/events", headers=application.authorised)
    assert "Zanzibar" not in events.text
    assert "level_reason" not in events.text
