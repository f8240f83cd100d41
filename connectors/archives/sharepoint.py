"""A document library of a SharePoint site, through Microsoft Graph.

Names are unique in a folder there, whatever their case, so nothing needs to be remembered: folders and files
are made with "fail if the name is taken", and what stands under a taken name is compared. SharePoint's own
hash stops no forger: bytes count as ours only once they were read back and their SHA-256 is right.

What no source confirms, and the stand-in plays both ways or not at all: whether a session is refused at its
beginning or at its end when the name is taken; whether another upload under way shows under its name; that
asking for an upload session needs the role "write" (it is the one call of the session that carries a token,
and what ``check`` rests on).
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from connectors import Finding, Services
from connectors.archives import Deposit, Filed, Medium
from connectors.archives.quick_xor_hash import quick_xor_hash
from connectors.archives.sharepoint_errors import (
    HIDDEN,
    LEAST_RIGHTS,
    blocked,
    damaged,
    library_missing,
    unsettled,
)
from connectors.archives.sharepoint_names import is_allowed, require_allowed
from connectors.archives.sharepoint_session import Item, Place, SharePointSession
from connectors.archives.taken_names import candidates, names_exhausted
from connectors.microsoft_graph import GraphConfig
from domain.errors import NotFound, ParapheError, Permanent, Unknown

_REF = re.compile(r"([A-Za-z0-9!_-]+)/([A-Za-z0-9!_-]+)")
_CERTIFICATE_NOTICE = timedelta(days=30)


class SharePointConfig(GraphConfig):
    site_url: str = Field(
        description="adresse du site, par exemple https://cabinet.sharepoint.com/sites/Conventions"
    )
    library: str = Field("", description="bibliothèque de documents du site ; vide : celle par défaut")
    root: str = Field("", description="dossier de la bibliothèque où ranger ; vide : la bibliothèque même")

    @field_validator("site_url")
    @classmethod
    def _is_a_site(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            plain = parts.scheme == "https" and parts.netloc.lower() == parts.hostname and not parts.query
        except ValueError:
            plain = False
        if not plain or parts.fragment or re.search(r"[\s:]|/forms/|\.aspx", parts.path, re.IGNORECASE):
            raise ValueError(
                "attendu : l'adresse du site seule, par exemple "
                "https://cabinet.sharepoint.com/sites/Conventions"
            )
        return value

    @field_validator("root")
    @classmethod
    def _is_a_path(cls, value: str) -> str:
        if not all(is_allowed(name) for name in _steps(value)):
            raise ValueError("attendu : des noms de dossiers séparés par « / », que SharePoint accepte")
        return value


class SharePoint:
    Config = SharePointConfig
    medium = Medium.OFFICE
    off_site = True

    def __init__(self, config: SharePointConfig, services: Services) -> None:
        self._config, self._now = config, services.now
        self._session = SharePointSession(config, services)
        self._root = _steps(config.root)
        self._known_place: Place | None = None
        self._known_folders: dict[tuple[str, str], str] = {}

    def file(self, deposit: Deposit) -> Filed:
        require_allowed(self._root, deposit)
        try:
            return self._filed(deposit)
        except NotFound:  # a folder or the library that we knew is gone: look for everything anew
            self._known_place = None
            self._known_folders.clear()
        try:
            return self._filed(deposit)
        except NotFound:
            raise unsettled() from None

    def read(self, ref: str) -> bytes:
        known = _REF.fullmatch(ref)
        if known is not None:
            try:
                content = self._session.content(known[1], known[2])
                if content is not None:
                    return content
                self._session.require_library(known[1])  # a site that is hidden from us hides its files too
            except Permanent as hidden:
                if hidden.code not in HIDDEN or not self._was_left(known[1]):
                    raise
        raise NotFound(
            "archive_file_not_found",
            "Le fichier n'est plus dans SharePoint : cherchez-le dans la corbeille du site.",
        )

    def check(self) -> tuple[Finding, ...]:
        """A file is announced and called off: that needs the right to write, and leaves nothing."""
        try:
            place = self._found_place()
            name = f"essai-paraphe-{secrets.token_hex(8)}.pdf"
            address = self._session.begin_upload(place, place.root_id, name)
            if address is not None:
                self._session.end_upload(address)
        except NotFound:
            return (Finding(ok=False, text=library_missing().detail),)
        except ParapheError as wrong:
            return (Finding(ok=False, text=wrong.detail),)
        text = f"SharePoint accepte le dépôt dans la bibliothèque du site ({LEAST_RIGHTS})."
        return (Finding(ok=True, text=text), *self._certificate())

    def _was_left(self, drive_id: str) -> bool:
        """Whether another library is set up now, and can be seen: what only the former one held is gone."""
        try:
            return self._found_place().drive_id != drive_id
        except Permanent:
            return False

    def _certificate(self) -> tuple[Finding, ...]:
        end = self._config.certificate_end()
        if end is None or end - self._now() > _CERTIFICATE_NOTICE:
            return ()
        return (
            Finding(
                ok=False,
                text=f"Le certificat de l'application Microsoft expire le {end:%d/%m/%Y} : déposez le "
                "suivant dans Entra et mettez-le dans PARAPHE_SHAREPOINT_CERTIFICATE.",
            ),
        )

    def _filed(self, deposit: Deposit) -> Filed:
        place = self._place()
        folder = place.root_id
        for name in deposit.folders:
            folder = self._folder(place, folder, _nfc(name))
        item = self._kept(place, folder, deposit)
        path = "/" + "/".join((*self._root, *deposit.folders, item.name))
        return Filed(ref=f"{place.drive_id}/{item.id}", path=path, link=item.web_url)

    def _place(self) -> Place:
        if self._known_place is None:
            self._known_place = self._found_place()
        return self._known_place

    def _found_place(self) -> Place:
        return self._session.place(self._config.site_url, self._config.library, self._root)

    def _folder(self, place: Place, parent: str, name: str) -> str:
        known = self._known_folders.get((parent, name))
        if known is not None:
            return known
        item = self._session.make_folder(place, parent, name)
        if item.folder is None:
            raise blocked()
        self._known_folders[parent, name] = item.id
        return item.id

    def _kept(self, place: Place, folder: str, deposit: Deposit) -> Item:
        """The item that holds these bytes, found or made."""
        for name in candidates(_nfc(deposit.name)):
            standing = self._session.child(place, folder, name)
            if standing is None:
                made = self._put(place, folder, name, deposit)
                if made is not None:
                    return self._verified(place, made, deposit)
                standing = self._session.settled_child(place, folder, name)
            if self._holds(place, standing, deposit):
                return standing
        raise names_exhausted()

    def _put(self, place: Place, folder: str, name: str, deposit: Deposit) -> Item | None:
        """None when something stands under that name, perhaps by this very call: to be compared."""
        try:
            return self._session.put(place, folder, name, deposit.content, deposit.media_type)
        except Unknown:
            if self._session.child(place, folder, name) is None:
                raise
            return None

    def _holds(self, place: Place, item: Item, deposit: Deposit) -> bool:
        if item.file is None or item.size != len(deposit.content):
            return False
        if item.quick_xor_hash not in (None, quick_xor_hash(deposit.content)):
            return False
        return self._reads_as(place, item, deposit)

    def _verified(self, place: Place, made: Item, deposit: Deposit) -> Item:
        """What was just made, once it is read back whole. Raises Retryable, and bins it, when it is not."""
        if not self._reads_as(place, made, deposit):
            with suppress(ParapheError):  # left there, it is a name taken by other bytes
                self._session.bin(place, made)
            raise damaged()
        return made

    def _reads_as(self, place: Place, item: Item, deposit: Deposit) -> bool:
        content = self._session.content(place.drive_id, item.id)
        if content is None:
            raise unsettled()
        return hashlib.sha256(content).hexdigest() == deposit.sha256


def _steps(path: str) -> tuple[str, ...]:
    """``"Archives/Paraphe"`` -> ``("Archives", "Paraphe")``"""
    return tuple(_nfc(name) for name in path.strip("/").split("/")) if path.strip("/") else ()


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)
