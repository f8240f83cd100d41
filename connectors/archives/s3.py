"""A bucket of an S3-compatible store (Scaleway, OVHcloud, Outscale...), locked in COMPLIANCE mode where it
has object lock, holding nothing that its host can read.

The object ``Conventions/2026/12/x.pdf.sealed`` is the file sealed with the hub's key ring; the ending keeps
whoever downloads one from taking it for a broken PDF. The hash of the file, not of the sealed bytes, goes
with it as metadata. Names are claimed in the hub's memory, so that two deposits never share a key, and the
store itself is told to write only where nothing stands. Sealing is never the same twice: a repeat knows its
object by opening it. Versions count in a bucket with object lock: the ref names the one that was read back.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from connectors import Finding, Services
from connectors.archives import Deposit, Filed, Medium
from connectors.archives.last_door import require_plain, require_safe
from connectors.archives.s3_errors import LEAST_RIGHTS, damaged, unsettled
from connectors.archives.sealing import ENDING, LARGEST_ADDITION_BYTES, sealed, unsealed
from connectors.archives.taken_names import candidates, names_exhausted
from domain.errors import NotFound, ParapheError, Permanent

if TYPE_CHECKING:
    from connectors.archives.s3_objects import Lock, Objects, Stored

ROUNDS = 3
NAMES = "s3.name"
_VERSION = "?versionId="  # "?" stands in no name: the last door and the pattern see to it
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ENDPOINT = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._/-]*)?")


class S3Config(BaseModel):
    """``retain_days``: None leaves a new object to the bucket's own default; 0 says that none is wanted."""

    model_config = ConfigDict(hide_input_in_errors=True)

    endpoint_url: str = Field(description="adresse du stockage, ex. https://s3.fr-par.scw.cloud")
    region: str = Field(description="région du stockage, ex. fr-par")
    bucket: str = Field(description="compartiment (bucket), créé avec le verrouillage d'objets")
    access_key_id: str
    secret_access_key: SecretStr
    prefix: str = Field("", description="dossier du compartiment où ranger ; vide : sa racine")
    retain_days: Annotated[int | None, Field(ge=0, le=36_500)] = Field(
        None,
        description="jours de verrou COMPLIANCE de chaque copie, que personne ne peut raccourcir ; vide : ce "
        "que le compartiment prévoit ; 0 : aucun",
    )
    off_site: bool = Field(
        default=True, description="false : ce stockage est dans les murs du cabinet (un NAS, un serveur)"
    )

    @field_validator("endpoint_url")
    @classmethod
    def _endpoint(cls, value: str) -> str:
        if not _ENDPOINT.fullmatch(value):
            raise ValueError("ce n'est pas une adresse en https:// (ex. https://s3.fr-par.scw.cloud)")
        return value

    @field_validator("bucket")
    @classmethod
    def _named(cls, value: str) -> str:
        if not _BUCKET.fullmatch(value):
            raise ValueError("un compartiment se nomme en minuscules, chiffres, « - » et « . », de 3 à 63")
        return value

    @field_validator("prefix")
    @classmethod
    def _folders(cls, value: str) -> str:
        folders = value.strip("/").split("/") if value.strip("/") else []
        try:
            for folder in folders:
                require_plain(folder)
        except Permanent:
            raise ValueError("un des dossiers est vide, « .. », ou contient un caractère interdit") from None
        return "".join(f"{_nfc(folder)}/" for folder in folders)


class S3:
    Config = S3Config
    medium = Medium.OBJECTS

    def __init__(self, config: S3Config, services: Services) -> None:
        self._config, self._services, self.off_site = config, services, config.off_site

    def file(self, deposit: Deposit) -> Filed:
        require_safe(deposit)
        identity = f"{deposit.key}/{deposit.sha256}"
        folder = self._config.prefix + "".join(f"{_nfc(name)}/" for name in deposit.folders)
        for name in candidates(_nfc(deposit.name)):
            key = f"{folder}{name}{ENDING}"
            if self._services.claim(NAMES, f"{self._config.bucket}/{key}", identity) != identity:
                continue
            version = self._kept(key, deposit)
            if version is not None:
                ref = f"{key}{_VERSION}{version}" if version else key
                return Filed(ref=ref, path=f"/{key}", link=None)
        raise names_exhausted()

    def read(self, ref: str) -> bytes:
        """Raises Permanent ``archive_unreadable`` when it does not open."""
        key, _, version = ref.partition(_VERSION)
        stored = self._objects.get(key, version)
        if stored is None:
            raise NotFound(
                "archive_file_not_found",
                "La copie n'est plus dans le stockage objet : cherchez ses anciennes versions dans le "
                "compartiment.",
            )
        return unsealed(stored.content or b"", self._services)

    def check(self) -> tuple[Finding, ...]:
        """Every right is asked for and nothing is left there: see ``begin_and_give_up``."""
        probe = f"{self._config.prefix}{uuid.uuid4().hex}{ENDING}"
        try:
            lock = self._objects.lock()
            self._objects.begin_and_give_up(probe, self._retention(lock))
            self._objects.get(probe)
        except ParapheError as wrong:
            return (Finding(ok=False, text=wrong.detail),)
        accepts = (
            f"Le stockage objet accepte le dépôt ({LEAST_RIGHTS}) ; aucun objet d'essai n'est écrit, car un "
            "verrou le garderait."
        )
        return (Finding(ok=True, text=accepts), _judge_lock(lock, self._config.retain_days))

    @cached_property
    def _objects(self) -> Objects:
        from connectors.archives.s3_objects import Address, Objects  # noqa: PLC0415 # boto3: 0.3 s at each start

        named = self._config.model_dump(exclude={"prefix", "retain_days", "off_site"})
        return Objects(Address(**named))

    @cached_property
    def _lock(self) -> Lock:
        return self._objects.lock()

    def _kept(self, key: str, deposit: Deposit) -> str | None:
        """The version of the object that holds this deposit, found or written; None when something else
        stands under the key."""
        largest = len(deposit.content) + LARGEST_ADDITION_BYTES
        for _ in range(ROUNDS):
            found = self._objects.get(key, largest=largest)
            if found is not None:
                return found.version if self._holds(found, deposit) else None
            lock = self._retention(self._lock) if self._config.retain_days else {}
            content = sealed(deposit.content, self._services)
            version = self._objects.put_new(key, content, lock, {"sha256": deposit.sha256})
            if version is not None:
                written = self._objects.get(key, version, largest)
                if written is None or not self._holds(written, deposit):
                    raise damaged()
                return version
        raise unsettled()

    def _holds(self, stored: Stored, deposit: Deposit) -> bool:
        try:
            content = unsealed(stored.content or b"", self._services)
        except Permanent:
            return False
        return hashlib.sha256(content).hexdigest() == deposit.sha256

    def _retention(self, lock: Lock) -> dict[str, Any]:
        """What a new object is locked with beyond the bucket's default."""
        if not lock.enabled or not self._config.retain_days:
            return {}
        until = self._services.now() + timedelta(days=self._config.retain_days)
        return {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}


def _judge_lock(lock: Lock, retain_days: int | None) -> Finding:
    if lock.enabled and retain_days:
        return Finding(ok=True, text=f"Chaque copie y est verrouillée {retain_days} jours (COMPLIANCE).")
    if lock.mode:
        return Finding(ok=True, text=f"Chaque copie y est verrouillée {lock.period} ({lock.mode}).")
    if lock.enabled:
        undecided = (
            "Le compartiment sait verrouiller, mais rien ne dit combien de temps : donnez "
            "PARAPHE_S3_RETAIN_DAYS (0 pour ne pas verrouiller)."
        )
        decided = "Le compartiment sait verrouiller ; PARAPHE_S3_RETAIN_DAYS=0 demande de ne pas le faire."
        return Finding(ok=retain_days == 0, text=undecided if retain_days is None else decided)
    if retain_days:
        missing = (
            "Le compartiment n'a pas de verrou d'objets, demandé par PARAPHE_S3_RETAIN_DAYS : créez-en un "
            "autre avec le verrou, il ne s'ajoute pas après coup."
        )
        return Finding(ok=False, text=missing)
    return Finding(
        ok=True, text="Le compartiment n'a pas de verrou d'objets : une copie peut y être effacée."
    )


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)
