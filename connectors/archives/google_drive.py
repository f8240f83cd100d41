"""Google Drive, in a shared drive: a service account owns no storage of its own.

Names are not unique there and listings lag, so nothing rests on looking first. The id of every folder and
file is drawn beforehand and claimed in the hub's memory (first writer wins): two workers then create the
same id, and the second is told it exists. Names are claimed likewise, so that two deposits never share
one. Folders made by people are found and used.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

from connectors import Finding, Services
from connectors.archives import Deposit, Filed, Medium
from connectors.archives.google_drive_errors import ARCHIVE
from connectors.archives.google_drive_session import FOLDER_TYPE, SCOPE, DriveSession, File
from connectors.archives.last_door import require_safe
from connectors.archives.taken_names import candidates, names_exhausted
from connectors.google import checked_key, credentials
from domain.errors import NotFound, ParapheError, Retryable

ROUNDS = 3
FOLDERS, FILES, NAMES = "google_drive.folder", "google_drive.file", "google_drive.name"


class GoogleDriveConfig(BaseModel):
    """``service_account_json`` is the text of the key file; ``drive_id`` the shared drive, asked of
    Drive when absent; ``root_folder_id`` the folder (or the shared drive itself) to file under."""

    model_config = ConfigDict(hide_input_in_errors=True)

    service_account_json: SecretStr
    root_folder_id: str
    drive_id: str | None = None
    api_root: str = "https://www.googleapis.com/"

    _is_a_key = field_validator("service_account_json")(checked_key)


class GoogleDrive:
    Config = GoogleDriveConfig
    medium = Medium.OFFICE
    off_site = True

    def __init__(self, config: GoogleDriveConfig, services: Services) -> None:
        self._config = config
        self._services = services
        self._credentials = credentials(config.service_account_json, SCOPE)
        self._drive_id = config.drive_id

    def file(self, deposit: Deposit) -> Filed:
        require_safe(deposit)
        with self._session() as drive:
            folder = self._config.root_folder_id
            for name in deposit.folders:
                folder = self._folder(drive, folder, _nfc(name))
            file = _verified(drive, self._kept(drive, folder, deposit), deposit)
        path = "/" + "/".join((*deposit.folders, file["name"]))
        return Filed(ref=file["id"], path=path, link=file.get("webViewLink"))

    def read(self, ref: str) -> bytes:
        with self._session() as drive:
            found = drive.get(ref)  # Drive reads on from its bin, which it empties by itself after a month
            content = None if found is None or found["trashed"] else drive.content(ref)
        if content is None:
            raise NotFound(
                "archive_file_not_found",
                "Le fichier n'est plus dans Google Drive : cherchez-le dans la corbeille du Drive partagé.",
            )
        return content

    def check(self) -> tuple[Finding, ...]:
        try:
            with self._session() as drive:
                root = drive.get(self._config.root_folder_id)
        except ParapheError as wrong:
            return (Finding(ok=False, text=wrong.detail),)
        return (_judge_root(root, self._config),)

    def _session(self) -> DriveSession:
        return DriveSession(self._config.api_root, self._credentials, ARCHIVE)

    def _folder(self, drive: DriveSession, parent: str, name: str) -> str:
        """The id of the one folder of that name, found or made."""
        key = f"{parent}/{name}"
        for _ in range(ROUNDS):
            listed = [one["id"] for one in self._named(drive, parent, name) if one["mimeType"] == FOLDER_TYPE]
            standing = self._services.claim(FOLDERS, key, listed[0] if listed else drive.new_id())
            if standing in listed:
                return standing
            body = {"id": standing, "name": name, "mimeType": FOLDER_TYPE, "parents": [parent]}
            made = _create_once(drive, body)
            if made is not None and _nfc(made["name"]) == name and parent in made.get("parents", ()):
                return standing
            self._services.forget(FOLDERS, key, standing)  # in the bin, moved, renamed or refused
        raise _unsettled()

    def _kept(self, drive: DriveSession, folder: str, deposit: Deposit) -> File:
        """The Drive file of this deposit, found or uploaded."""
        identity = f"{deposit.key}/{deposit.sha256}"
        key = f"{self._config.root_folder_id}/{identity}"
        for _ in range(ROUNDS):
            proposal = drive.new_id()
            standing = self._services.claim(FILES, key, proposal)
            found = None if standing == proposal else drive.get(standing)
            if found is None:
                name, twin = self._free_name(drive, folder, deposit, identity)
                metadata = _metadata(standing, folder, name, deposit)
                found = twin or _create_once(drive, metadata, deposit.content)
                if found is not None:
                    return found
            elif _holds(found, deposit) and not found["trashed"]:
                return found
            self._services.forget(FILES, key, standing)  # in the bin, deleted, changed or refused
        raise _unsettled()

    def _free_name(
        self, drive: DriveSession, folder: str, deposit: Deposit, identity: str
    ) -> tuple[str, File | None]:
        """A name that is this deposit's alone, with the file when its bytes already stand there."""
        for name in candidates(_nfc(deposit.name)):
            if self._services.claim(NAMES, f"{folder}/{name}", identity) != identity:
                continue
            named = self._named(drive, folder, name)
            twin = next((file for file in named if _holds(file, deposit)), None)
            if twin is not None or not named:
                return name, twin
        raise names_exhausted()

    def _named(self, drive: DriveSession, parent: str, name: str) -> list[File]:
        """Drive compares names loosely and keeps them as typed, on macOS in NFD: compare again here."""
        spellings = dict.fromkeys((name, unicodedata.normalize("NFD", name)))
        names = " or ".join(f"name = '{_escaped(spelling)}'" for spelling in spellings)
        query = f"({names}) and '{_escaped(parent)}' in parents and trashed = false"
        return [file for file in drive.find(self._drive(drive), query) if _nfc(file["name"]) == name]

    def _drive(self, drive: DriveSession) -> str | None:
        if self._drive_id is None:
            root = drive.get(self._config.root_folder_id)
            if root is None:
                raise ARCHIVE.folder_missing()
            self._drive_id = root.get("driveId")
        return self._drive_id


def _create_once(drive: DriveSession, body: dict[str, Any], content: bytes | None = None) -> File | None:
    """Create, or find what was created under this id before; None when the id leads nowhere."""
    found = drive.create(body, content) or drive.get_settled(body["id"])
    return None if found is None or found["trashed"] else found


def _metadata(file_id: str, folder: str, name: str, deposit: Deposit) -> dict[str, Any]:
    """``hubKey`` tells whoever looks at the file that it is ours; hashed, for its length is limited."""
    return {
        "id": file_id,
        "name": name,
        "mimeType": deposit.media_type,
        "parents": [folder],
        "appProperties": {"hubKey": hashlib.sha256(deposit.key.encode()).hexdigest()},
    }


def _holds(file: File, deposit: Deposit) -> bool:
    """Drive gives sizes as text, and no checksum of its own editors' documents."""
    return file.get("sha256Checksum") == deposit.sha256 and file.get("size") == str(len(deposit.content))


def _verified(drive: DriveSession, file: File, deposit: Deposit) -> File:
    """Freeze the file and compare what Drive then says it holds."""
    if _holds(file, deposit) and not _is_frozen(file):
        restriction = {"readOnly": True, "reason": "Convention signée"}
        file = drive.update(file["id"], {"contentRestrictions": [restriction]})
    if not _holds(file, deposit):
        drive.update(file["id"], {"trashed": True})
        raise Retryable(
            "google_drive_damaged",
            "L'empreinte relue dans Google Drive diffère de celle du fichier envoyé : il est mis à la "
            "corbeille et sera envoyé de nouveau.",
        )
    return file


def _is_frozen(file: File) -> bool:
    return any(restriction.get("readOnly") for restriction in file.get("contentRestrictions", ()))


def _judge_root(root: File | None, config: GoogleDriveConfig) -> Finding:
    wrong = None
    if root is None or root["trashed"] or root["mimeType"] != FOLDER_TYPE:
        wrong = ARCHIVE.folder_missing().detail
    elif "driveId" not in root:
        wrong = (
            "Le dossier d'archive n'est pas dans un Drive partagé : un compte de service n'a pas d'espace."
        )
    elif config.drive_id not in (None, root["driveId"]):
        wrong = "Le dossier d'archive est dans un autre Drive : corrigez PARAPHE_GOOGLE_DRIVE_DRIVE_ID."
    elif not root.get("capabilities", {}).get("canAddChildren"):
        wrong = (
            "Google Drive interdit d'ajouter des fichiers au dossier d'archive : donnez le "
            f"{ARCHIVE.least_rights}."
        )
    if wrong:
        return Finding(ok=False, text=wrong)
    return Finding(
        ok=True, text=f"Google Drive accepte le dépôt dans le dossier d'archive ({ARCHIVE.least_rights})."
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _unsettled() -> Retryable:
    return Retryable(
        "google_drive_unsettled",
        "Google Drive ne montre pas encore ce qui vient d'y être créé : nouvel essai automatique.",
    )
