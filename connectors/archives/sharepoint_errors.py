"""What SharePoint's refusals mean, and what a person must do (learn.microsoft.com/graph/errors)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from connectors.http import ApiAnswer, System, retry_after
from domain.errors import ParapheError, Permanent, Retryable

SYSTEM: Final = System("sharepoint", "SharePoint", "PARAPHE_SHAREPOINT")
LEAST_RIGHTS: Final = "autorisation d'application « Sites.Selected », rôle « write » sur ce seul site"
#: answers that say more here than ``connectors.http`` makes of them (404 is for the caller to read)
TOLD: Final = frozenset({400, 403, 409, 412, 413, 422, 423, 507})

#: what a library that is gone, or closed to us, answers
HIDDEN: Final = frozenset({"sharepoint_library_missing", "sharepoint_forbidden"})


def refusal(answer: ApiAnswer, now: datetime) -> ParapheError:
    """Of a status in ``TOLD``: Graph's particular codes decide before the status does."""
    codes, status = graph_codes(answer.body), answer.status
    if status == 507 or "quotaLimitReached" in codes:
        return full()
    if "malwareDetected" in codes:
        return malware()
    if status == 423:
        return locked(retry_after(answer.headers, now))
    by_status = {403: forbidden, 409: unsettled, 412: unsettled}
    return by_status[status]() if status in by_status else refused(status)


def graph_codes(body: bytes) -> tuple[str, ...]:
    """The codes of Graph's error envelope, the general one first."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    found: list[str] = []
    error = content.get("error") if isinstance(content, dict) else None
    while isinstance(error, dict) and len(found) < 10:
        if isinstance(code := error.get("code"), str):
            found.append(code)
        error = error.get("innerError") or error.get("innererror")
    return tuple(found)


def locked(after: float | None) -> Retryable:
    return Retryable(
        "sharepoint_locked",
        "SharePoint garde ce fichier ou ce site verrouillé pour l'instant ; un nouvel essai aura lieu "
        "automatiquement.",
        after,
    )


def malware() -> Permanent:
    return Permanent(
        "sharepoint_malware",
        "SharePoint prend ce fichier pour un virus : faites-le examiner par l'administrateur de Microsoft "
        "365.",
    )


def refused(status: int) -> Permanent:
    return Permanent(
        "sharepoint_refused",
        f"SharePoint a refusé la demande (réponse {status}) : vérifiez les réglages PARAPHE_SHAREPOINT_… et "
        "le modèle de nom des archives.",
    )


def forbidden() -> Permanent:
    return Permanent(
        "sharepoint_forbidden",
        f"SharePoint refuse l'accès au site : donnez à l'application le minimum, {LEAST_RIGHTS}.",
    )


def full() -> Permanent:
    return Permanent(
        "sharepoint_full",
        "Le site SharePoint n'a plus de place : augmentez son quota ou libérez de la place, puis relancez.",
    )


def site_missing() -> Permanent:
    return Permanent(
        "sharepoint_site_missing",
        "SharePoint ne connaît pas ce site : vérifiez PARAPHE_SHAREPOINT_SITE_URL, et les droits de "
        f"l'application ({LEAST_RIGHTS}).",
    )


def library_missing() -> Permanent:
    return Permanent(
        "sharepoint_library_missing",
        "SharePoint ne montre pas cette bibliothèque : vérifiez PARAPHE_SHAREPOINT_LIBRARY (vide : celle du "
        f"site), et les droits de l'application ({LEAST_RIGHTS}).",
    )


def root_missing() -> Permanent:
    return Permanent(
        "sharepoint_root_missing",
        "Le dossier de PARAPHE_SHAREPOINT_ROOT n'est pas dans la bibliothèque : créez-le, ou corrigez le "
        "réglage.",
    )


def blocked() -> Permanent:
    return Permanent(
        "archive_path_blocked",
        "Un fichier tient la place d'un dossier de l'archive SharePoint : renommez-le ou déplacez-le.",
    )


def damaged() -> Retryable:
    return Retryable(
        "sharepoint_damaged",
        "Le fichier relu dans SharePoint diffère de celui envoyé : il va à la corbeille et sera envoyé de "
        "nouveau ; si cela dure, vérifiez qu'aucune étiquette de confidentialité ne réécrit les PDF.",
    )


def unsettled() -> Retryable:
    return Retryable(
        "sharepoint_unsettled",
        "SharePoint ne montre pas encore ce qui vient d'y changer : nouvel essai automatique.",
    )
