"""What Google Drive's refusals mean and what a person must do (guide ``handle-errors``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from connectors.google import GoogleErrors
from domain.errors import ParapheError, Permanent

_QUOTA = {"storageQuotaExceeded", "dailyLimitExceeded", "teamDriveFileLimitExceeded"}


@dataclass(frozen=True)
class DriveErrors(GoogleErrors):
    """``folder`` is what the connector calls its folder, ``folder_settings`` the settings that lead there."""

    folder: str
    folder_settings: str
    least_rights: str

    label: ClassVar[str] = "Google Drive"

    def refused_for(self, status: int, reason: str) -> ParapheError:
        if status == 404:
            return self.folder_missing()
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
        return super().refused_for(status, reason)

    def forbidden(self) -> Permanent:
        return Permanent(
            f"{self.name}_forbidden", f"Google Drive refuse l'accès : donnez le {self.least_rights}."
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
