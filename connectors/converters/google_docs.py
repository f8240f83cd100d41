"""Google Docs: the Word document becomes a Google Doc in a working folder, is exported as PDF, and is
deleted for good. The layout is Google's own, and the PDF is not a PDF/A.

The id of a Doc made by conversion cannot be chosen beforehand, so an answer lost is found again by the
marks each Doc carries (``appProperties``). Every conversion also deletes what a killed worker left.
Sources: developers.google.com/workspace/drive/api/guides (``manage-uploads``, ``manage-downloads``,
``delete``), drive.v3 discovery document (``files.export``: 10 MB at most).
"""

from __future__ import annotations

import secrets
import time
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from connectors import Finding, Services
from connectors.archives.google_drive_errors import DriveErrors
from connectors.archives.google_drive_session import (
    FOLDER_TYPE,
    SCOPE,
    SETTLING_SECONDS,
    DriveSession,
    File,
)
from connectors.converters.elsewhere import (
    FORSAKEN_SECONDS,
    PDF_TYPE,
    WORD_TYPE,
    is_whole_pdf,
    require_word,
    unreadable,
)
from connectors.converters.office_input import trial_document
from connectors.google import checked_key, credentials
from domain.errors import ParapheError, Retryable

DOC_TYPE = "application/vnd.google-apps.document"
MARK, MARKED = "paraphe", "conversion"
ERRORS = DriveErrors(
    name="google_docs",
    setting="PARAPHE_GOOGLE_DOCS",
    folder="le dossier de travail",
    folder_settings="PARAPHE_GOOGLE_DOCS_FOLDER_ID",
    least_rights="rôle « gestionnaire » du compte de service sur un Drive partagé qui ne sert qu'à cela "
    "(un moindre rôle ne peut pas supprimer sans passer par la corbeille)",
)


class GoogleDocsConfig(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    service_account_json: SecretStr = Field(description="texte de la clé JSON du compte de service")
    folder_id: str = Field(description="dossier de travail, dans un Drive partagé qui ne sert qu'à cela")
    timeout_seconds: float = Field(60, gt=0)
    api_root: str = "https://www.googleapis.com/"

    _is_a_key = field_validator("service_account_json")(checked_key)


class GoogleDocs:
    """Satisfies ``connectors.converters.Converter``; safe to call from several threads."""

    Config = GoogleDocsConfig
    archival: Final = False
    merges: Final = False

    def __init__(self, config: GoogleDocsConfig, services: Services) -> None:
        self._config = config
        self._services = services
        self._credentials = credentials(config.service_account_json, SCOPE)
        self._owed: set[str] = set()  # runs whose Doc is not known to be gone

    def convert(self, docx: bytes) -> bytes:
        require_word(docx)
        run, doc = secrets.token_hex(16), None
        with self._session() as drive:
            drive_id = _usable(drive.get(self._config.folder_id))
            try:
                doc = self._made(drive, run, docx)
                return _exported(drive, doc)
            except Retryable:
                self._owed.add(run)
                raise
            finally:
                if doc is not None:
                    self._owed.add(run)
                    drive.delete(doc)
                    self._owed.discard(run)
                self._clear(drive, drive_id, run)

    def close(self) -> None:
        """Nothing is kept open between two conversions."""

    def check(self) -> tuple[Finding, ...]:
        try:
            self.convert(trial_document())
        except ParapheError as wrong:
            return (Finding(ok=False, text=wrong.detail),)
        return (
            Finding(
                ok=True,
                text="Google Docs convertit un document Word en PDF (pas en PDF/A) et n'en garde rien "
                f"({ERRORS.least_rights}).",
            ),
        )

    def _session(self) -> DriveSession:
        return DriveSession(self._config.api_root, self._credentials, ERRORS, self._config.timeout_seconds)

    def _made(self, drive: DriveSession, run: str, docx: bytes) -> str:
        """The id of the Doc."""
        body = {
            "name": f"Conversion {run}",  # no name of a client ever shows there
            "mimeType": DOC_TYPE,
            "parents": [self._config.folder_id],
            "appProperties": {MARK: MARKED, "run": run},
        }
        made = drive.create(body, docx, WORD_TYPE)
        if made is None:
            raise unreadable()
        return str(made["id"])

    def _clear(self, drive: DriveSession, drive_id: str, run: str) -> None:
        """Delete the Docs that nobody will come back for. A listing lags behind what was just made: one
        of this run whose answer was lost is looked for again."""
        for pause in (*SETTLING_SECONDS, 0):
            for file in drive.find(drive_id, f"appProperties has {{ key='{MARK}' and value='{MARKED}' }}"):
                if self._forsaken(file):
                    drive.delete(file["id"])
                    self._owed.discard(_run_of(file))
            if run not in self._owed:
                return
            time.sleep(pause)

    def _forsaken(self, file: File) -> bool:
        made = datetime.fromisoformat(file["createdTime"])
        old = made < self._services.now() - timedelta(seconds=FORSAKEN_SECONDS)
        return old or _run_of(file) in self._owed


def _run_of(file: File) -> str:
    return str(file.get("appProperties", {}).get("run", ""))


def _exported(drive: DriveSession, doc: str) -> bytes:
    for pause in SETTLING_SECONDS:
        pdf = drive.export(doc, PDF_TYPE)
        if pdf is not None and is_whole_pdf(pdf):
            return pdf
        time.sleep(pause)
    raise ERRORS.unreachable()


def _usable(folder: File | None) -> str:
    """The shared drive of a folder in which Docs can be made and deleted: asked before anything leaves."""
    if folder is None or folder["trashed"] or folder["mimeType"] != FOLDER_TYPE or "driveId" not in folder:
        raise ERRORS.folder_missing()
    rights = folder.get("capabilities", {})
    if not (rights.get("canAddChildren") and rights.get("canDeleteChildren")):
        raise ERRORS.forbidden()
    return str(folder["driveId"])
