"""What Google Drive's refusals mean and what a person must do (guide ``handle-errors``)."""

from __future__ import annotations

from googleapiclient.errors import HttpError

from domain.errors import ParapheError, Permanent, Retryable

LEAST_RIGHTS = "rôle « gestionnaire de contenu » du compte de service sur le Drive partagé, rien de plus"
_THROTTLED = {"userRateLimitExceeded", "rateLimitExceeded"}
_QUOTA = {"storageQuotaExceeded", "dailyLimitExceeded", "teamDriveFileLimitExceeded"}


def refusal(answer: HttpError) -> ParapheError:
    status, reason = answer.status_code, _reason(answer)
    if status == 429 or reason in _THROTTLED:
        return Retryable(
            "google_drive_busy",
            "Google Drive limite le nombre d'appels : nouvel essai automatique.",
            _seconds(answer.resp.get("retry-after")),
        )
    known = {401: credentials_refused, 404: folder_missing, 408: unreachable}.get(status)
    if known is not None:
        return known()
    if status >= 500:
        return unreachable()
    if reason in _QUOTA:
        return Permanent(
            "google_drive_quota",
            "Google Drive n'a plus de place ou a atteint sa limite : un compte de service n'a pas d'espace "
            "propre, rangez l'archive dans un Drive partagé et vérifiez son quota.",
        )
    if status == 403:
        return Permanent("google_drive_forbidden", f"Google Drive refuse l'accès : donnez le {LEAST_RIGHTS}.")
    return Permanent(
        "google_drive_refused",
        f"Google Drive a refusé la demande (statut {status}) : vérifiez les réglages PARAPHE_GOOGLE_DRIVE_*.",
    )


def _reason(answer: HttpError) -> str:
    details = answer.error_details
    first = details[0] if isinstance(details, list) and details else None
    return str(first.get("reason", "")) if isinstance(first, dict) else ""


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isascii() and header.isdigit() else None


def unreachable() -> Retryable:
    return Retryable(
        "google_drive_unreachable", "Google Drive ne répond pas comme il faut : nouvel essai automatique."
    )


def credentials_refused() -> Permanent:
    return Permanent(
        "google_drive_unauthorised",
        "Google refuse la clé du compte de service : créez-en une nouvelle et mettez-la dans "
        "PARAPHE_GOOGLE_DRIVE_SERVICE_ACCOUNT_JSON.",
    )


def folder_missing() -> Permanent:
    return Permanent(
        "google_drive_folder_missing",
        "Google Drive ne montre pas le dossier d'archive : vérifiez PARAPHE_GOOGLE_DRIVE_ROOT_FOLDER_ID et "
        f"PARAPHE_GOOGLE_DRIVE_DRIVE_ID, et le partage ({LEAST_RIGHTS}).",
    )
