"""What Google Drive's refusals mean and what a person must do (guide ``handle-errors``)."""

from __future__ import annotations

from dataclasses import dataclass

from googleapiclient.errors import HttpError

from domain.errors import ParapheError, Permanent, Retryable

_THROTTLED = {"userRateLimitExceeded", "rateLimitExceeded"}
_QUOTA = {"storageQuotaExceeded", "dailyLimitExceeded", "teamDriveFileLimitExceeded"}


@dataclass(frozen=True)
class DriveErrors:
    """Drive's failures in the words of one connector. ``name`` begins every code, ``setting`` is what its
    settings' names begin with, ``folder`` what it calls its folder, ``folder_settings`` the settings
    that lead there."""

    name: str
    setting: str
    folder: str
    folder_settings: str
    least_rights: str

    def refusal(self, answer: HttpError) -> ParapheError:
        status, reason = answer.status_code, _reason(answer)
        if status == 429 or reason in _THROTTLED:
            return Retryable(
                f"{self.name}_busy",
                "Google Drive limite le nombre d'appels : nouvel essai automatique.",
                _seconds(answer.resp.get("retry-after")),
            )
        known = {401: self.credentials_refused, 404: self.folder_missing, 408: self.unreachable}.get(status)
        if known is not None:
            return known()
        return self.unreachable() if status >= 500 else self._refused_for(status, reason)

    def _refused_for(self, status: int, reason: str) -> Permanent:
        if reason == "exportSizeLimitExceeded":
            return Permanent(
                f"{self.name}_too_large",
                "Google n'exporte pas un document de plus de 10 Mo : allégez le modèle (images).",
            )
        if reason in _QUOTA:
            return Permanent(
                f"{self.name}_quota",
                "Google Drive n'a plus de place ou a atteint sa limite : un compte de service n'a pas "
                f"d'espace propre, placez {self.folder} dans un Drive partagé et vérifiez son quota.",
            )
        if status == 403:
            return self.forbidden()
        return Permanent(
            f"{self.name}_refused",
            f"Google Drive a refusé la demande (statut {status}) : vérifiez les réglages {self.setting}_*.",
        )

    def forbidden(self) -> Permanent:
        return Permanent(
            f"{self.name}_forbidden", f"Google Drive refuse l'accès : donnez le {self.least_rights}."
        )

    def unreachable(self) -> Retryable:
        return Retryable(
            f"{self.name}_unreachable", "Google Drive ne répond pas comme il faut : nouvel essai automatique."
        )

    def credentials_refused(self) -> Permanent:
        return Permanent(
            f"{self.name}_unauthorised",
            "Google refuse la clé du compte de service : créez-en une nouvelle et mettez-la dans "
            f"{self.setting}_SERVICE_ACCOUNT_JSON.",
        )

    def folder_missing(self) -> Permanent:
        return Permanent(
            f"{self.name}_folder_missing",
            f"Google Drive ne montre pas {self.folder} : vérifiez {self.folder_settings}, et le partage "
            f"({self.least_rights}).",
        )


ARCHIVE = DriveErrors(
    name="google_drive",
    setting="PARAPHE_GOOGLE_DRIVE",
    folder="le dossier d'archive",
    folder_settings="PARAPHE_GOOGLE_DRIVE_ROOT_FOLDER_ID et PARAPHE_GOOGLE_DRIVE_DRIVE_ID",
    least_rights="rôle « gestionnaire de contenu » du compte de service sur le Drive partagé, rien de plus",
)


def _reason(answer: HttpError) -> str:
    details = answer.error_details
    first = details[0] if isinstance(details, list) and details else None
    return str(first.get("reason", "")) if isinstance(first, dict) else ""


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isascii() and header.isdigit() else None
