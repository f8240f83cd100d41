"""Plays the ten scenarios, one after the other; the failure of one does not stop the others."""

from __future__ import annotations

import time
from collections.abc import Callable

import logs
from domain.errors import ParapheError
from rehearsal import filing, signing
from rehearsal.outcome import LABELS, ByHand, Ending, Failed, Notes, Result
from rehearsal.stage import Stage

_log = logs.get("rehearsal")
_MARKS = {Ending.PASSED: "✓", Ending.FAILED: "✗", Ending.BY_HAND: "…"}
_AGAIN = "Corrigez la cause, puis rejouez la répétition."

Scenario = Callable[[Stage, Notes], str]
#: code, title, scenario; the last three look at what the first one signed
SCENARIOS: tuple[tuple[str, str, Scenario], ...] = (
    ("nominal", "Cas nominal", signing.nominal),
    ("several_signers", "Plusieurs signataires", signing.several_signers),
    ("change_after_sending", "Modification après l'envoi", signing.change_after_sending),
    ("cancel", "Annulation", signing.cancel),
    ("reminders", "Relances à J+1 et J+3", signing.reminders),
    ("phone", "Signature sur téléphone", signing.phone),
    ("desktop", "Signature sur ordinateur", signing.desktop),
    ("proof", "Export de la preuve", filing.export_of_the_proof),
    ("filing", "Classement", filing.filing),
    ("billing", "Déclencheur de facturation", filing.billing_trigger),
)


def play(stage: Stage, say: Callable[[str], None]) -> list[Result]:
    results = []
    for rank, (code, title, scenario) in enumerate(SCENARIOS, 1):
        say(f"{rank:2}/{len(SCENARIOS)} {title}")
        began, notes = time.monotonic(), Notes(say)
        ending, sentence, todo = _ended(scenario, stage, notes)
        seconds = time.monotonic() - began
        told = f"{sentence} {todo}".strip()
        say(f"   {_MARKS[ending]} {LABELS[ending]} en {in_seconds(seconds)} : {told}")
        results.append(Result(rank, code, title, ending, sentence, todo, tuple(notes.checks), seconds))
    return results


def in_seconds(seconds: float) -> str:
    return f"{seconds:.1f} s".replace(".", ",")


def _ended(scenario: Scenario, stage: Stage, notes: Notes) -> tuple[Ending, str, str]:
    try:
        return Ending.PASSED, scenario(stage, notes), ""
    except ByHand as left:
        return Ending.BY_HAND, left.seen, ""
    except Failed as failed:
        return Ending.FAILED, failed.seen, failed.todo or _AGAIN
    except ParapheError as error:
        return Ending.FAILED, error.detail, _AGAIN
    except Exception as error:  # noqa: BLE001 - one scenario's fault must not hide the others'
        _log.exception("rehearsal_crashed", extra={"code": scenario.__name__})
        kind = type(error).__name__
        return Ending.FAILED, f"Erreur imprévue ({kind}) ; le journal technique la situe.", _AGAIN
