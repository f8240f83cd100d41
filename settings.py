"""The settings: read once, from the environment and ``.env``, into typed frozen objects.

``load`` collects every problem and raises them all at once in ``SettingsError``: a missing, wrong or
unknown ``PARAPHE_*`` variable stops the start. ``FOO_FILE`` names a file that holds the value of
``FOO`` (a mounted secret). Each connector declares its own section: ``PARAPHE_<NAME>_<FIELD>``.

With nothing set at all the hub runs on embedded defaults against the local sandbox
(``sandbox/hub.env``); its secrets are then drawn at the first start and kept in the data folder.
This is the only file that reads the environment.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from domain.naming import DEFAULT_PATTERN, check_pattern
from domain.normalise.columns import unknown_targets
from domain.thresholds import Thresholds
from setting_checks import (
    in_french,
    json_object,
    require_address,
    require_days,
    require_events_secret,
    require_file,
)

PREFIX = "PARAPHE_"
#: names that hosting platforms give without a prefix
UNPREFIXED = ("DATABASE_URL", "REDIS_URL")
#: read by the test suite and by bin/install, not by the hub
IGNORED = ("PARAPHE_SPECS", "PARAPHE_VENV")
_HERE = Path(__file__).parent
_SCHEMES = {
    "database_url": ("postgresql", "postgres", "sqlite"),
    "redis_url": ("redis", "rediss", "unix"),
}
KEY_ID = re.compile(r"[A-Za-z0-9]{1,40}")
#: what fields of the same name mean in every section
_SERVICE = "adresse du service ; à ne changer que pour un essai"
_COMMON = {
    **dict.fromkeys(("url", "endpoint", "api_root", "login_url", "graph_url", "oauth_url"), _SERVICE),
    **dict.fromkeys(("base_url", "consent_url", "keys_url"), _SERVICE),
    "timeout_seconds": "attente la plus longue d'une réponse, en secondes",
}

Section = TypeVar("Section", bound=BaseModel)


class SettingsError(Exception):
    """``problems``: one French line per variable, each naming it and saying what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Core(BaseModel):
    """What the hub itself needs; connectors have their own sections."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    database_url: SecretStr = Field(
        SecretStr(""), description="postgresql://… ; vide : SQLite dans PARAPHE_DATA_DIR"
    )
    redis_url: SecretStr = Field(SecretStr(""), description="redis://… ; vide : Redis embarqué")
    data_dir: Path = Field(
        Path("var"),
        description="dossier de SQLite, de Redis embarqué et des clés tirées au premier démarrage",
    )
    sandbox_url: str = Field(
        "", description="adresse du bac à sable ; remplit les réglages d'essai de sandbox/hub.env"
    )
    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="adresse du hub vue de l'extérieur (rappels des prestataires, liens)",
    )
    secret_key: SecretStr = Field(description="signe les liens ; 32 caractères au moins", min_length=32)
    encryption_keys: SecretStr = Field(
        description="trousseau AES-256, id:clé en base64, séparés par des virgules ; la première chiffre"
    )
    events_secret: SecretStr = Field(description="secret Standard Webhooks (whsec_…) des appels à resume_url")
    allowed_networks: str = Field(
        "",
        description="réseaux privés que le hub peut appeler (resume_url, abonnements, CRM), ex. 10.0.0.0/8",
    )
    provider: str = Field("yousign", description="prestataire de signature des nouvelles conventions")
    level: Literal["auto", "simple", "advanced", "qualified"] = Field(
        "auto",
        description="niveau de signature par défaut ; auto : celui qui est conseillé",
    )
    authentication: Literal["none", "otp_email", "otp_sms"] = Field(
        "otp_sms", description="vérification par défaut du signataire (sans téléphone : otp_email)"
    )
    order: Literal["sequential", "parallel"] = Field(
        "sequential", description="ordre de signature par défaut"
    )
    signature_days: Annotated[int, Field(ge=2, le=180)] = Field(
        30, description="durée de validité d'une demande de signature, en jours"
    )
    reminder_days: str = Field(
        "1,3,7", description="jours après l'invitation où un signataire est relancé ; vide : jamais"
    )
    converter: str = Field("libreoffice", description="convertisseur Word vers PDF")
    archives: str = Field("folder", description="archives, séparées par des virgules")
    archive_pattern: str = Field(DEFAULT_PATTERN, description="rangement des conventions signées")
    template: str = Field("forfait", description="modèle par défaut")
    templates_dir: Path | None = Field(
        None,
        description="dossier des modèles du cabinet (.docx et .toml), regardé avant ceux qui sont fournis",
    )
    columns: str = Field(
        "{}",
        description="noms de colonnes propres au cabinet, en JSON : colonne -> champ (docs/fr/colonnes.md)",
    )
    trust_roots_file: Path | None = Field(
        None,
        description="autorités (PEM) exigées pour une signature ; vide : l'intégrité seule est vérifiée",
    )
    max_body_bytes: Annotated[int, Field(ge=10_000, le=20_000_000)] = Field(
        1_000_000, description="taille maximale d'une requête reçue"
    )
    lease_seconds: Annotated[float, Field(ge=1, le=86_400)] = Field(
        30, description="durée après laquelle une étape dont le worker ne donne plus signe est reprise"
    )
    step_seconds: Annotated[int, Field(ge=10, le=86_400)] = Field(
        240, description="durée la plus longue d'une étape"
    )
    retry_base_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        2, description="première attente avant un nouvel essai"
    )
    clock_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(5, description="période de l'horloge")
    ask_after_seconds: Annotated[float, Field(ge=1, le=2_592_000)] = Field(
        3600, description="silence du prestataire après lequel le hub l'interroge"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="niveau du journal technique"
    )

    @field_validator("archive_pattern")
    @classmethod
    def _pattern(cls, value: str) -> str:
        check_pattern(value)
        return value

    @field_validator("encryption_keys")
    @classmethod
    def _keys(cls, value: SecretStr) -> SecretStr:
        ring = parse_keys(value.get_secret_value())
        if not ring:
            raise ValueError("le trousseau est vide ; tirez une clé avec : flask --app app keys encryption")
        return value

    @field_validator("reminder_days")
    @classmethod
    def _reminder_days(cls, value: str) -> str:
        require_days(names(value))
        return value

    @field_validator("columns")
    @classmethod
    def _columns(cls, value: str) -> str:
        mapping = json_object(value)
        if not all(isinstance(target, str) for target in mapping.values()):
            raise ValueError('attendu : {"colonne": "champ", …}')
        if unknown := unknown_targets(mapping):
            raise ValueError(f"champ inconnu : {', '.join(unknown)} (liste dans docs/fr/colonnes.md)")
        return value

    @field_validator("allowed_networks")
    @classmethod
    def _networks(cls, value: str) -> str:
        try:
            for network in names(value):
                ip_network(network)
        except ValueError:
            raise ValueError("réseaux attendus, séparés par des virgules, ex. 10.0.0.0/8") from None
        return value

    @field_validator("public_url", "sandbox_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value:
            require_address(value, ("https", "http"))
        return value.rstrip("/")

    @field_validator("database_url", "redis_url")
    @classmethod
    def _service_address(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if given := value.get_secret_value():
            require_address(given, _SCHEMES[str(info.field_name)])
        return value

    @field_validator("events_secret")
    @classmethod
    def _events_secret(cls, value: SecretStr) -> SecretStr:
        require_events_secret(value.get_secret_value())
        return value

    @field_validator("archives")
    @classmethod
    def _archives(cls, value: str) -> str:
        if not names(value):
            raise ValueError("au moins une archive est nécessaire")
        return value

    @field_validator("trust_roots_file")
    @classmethod
    def _trust_roots(cls, value: Path | None) -> Path | None:
        if value:
            require_file(value)
        return value


class Settings:
    """``core`` and one typed section per connector; immutable once loaded."""

    def __init__(self, core: Core, sections: Mapping[str, BaseModel]) -> None:
        self.core = core
        self.sections = dict(sections)

    def section(self, name: str, kind: type[Section]) -> Section | None:
        """The section of connector ``name``, or None when it is not set up."""
        found = self.sections.get(name)
        return found if isinstance(found, kind) else None

    @property
    def columns(self) -> dict[str, str]:
        return json_object(self.core.columns)

    @property
    def thresholds(self) -> Thresholds:
        return self.section("thresholds", Thresholds) or Thresholds()

    @property
    def reminder_days(self) -> tuple[int, ...]:
        return tuple(sorted({int(day) for day in names(self.core.reminder_days)}))

    @property
    def archives(self) -> tuple[str, ...]:
        return names(self.core.archives)

    @property
    def database_url(self) -> str:
        given = self.core.database_url.get_secret_value()
        if not given:
            return f"sqlite:///{self.core.data_dir.resolve() / 'paraphe.db'}"
        # managed hosts hand out postgres://, which SQLAlchemy no longer takes
        return given.replace("postgres://", "postgresql://", 1).replace(
            "postgresql://", "postgresql+psycopg://", 1
        )


def names(value: str) -> tuple[str, ...]:
    """``"a, b"`` -> ``("a", "b")``"""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def parse_keys(value: str) -> dict[str, bytes]:
    """``"k1:base64,k2:base64"`` -> ordered {id: 32 bytes}. Raises ValueError without quoting a key."""
    ring: dict[str, bytes] = {}
    for part in names(value):
        key_id, separator, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not separator or not KEY_ID.fullmatch(key_id) or len(key) != 32:
            raise ValueError("chaque clé s'écrit id:clé, la clé étant 32 octets en base64")
        ring[key_id] = key
    return ring


def new_encryption_key(key_id: str) -> str:
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def load(
    sections: Mapping[str, type[BaseModel]],
    environ: Mapping[str, str] | None = None,
    dotenv: Path | None = Path(".env"),
) -> Settings:
    """Read everything, or raise SettingsError with the full list of problems."""
    problems: list[str] = []
    values = _merge(os.environ if environ is None else environ, dotenv, problems)
    try:
        core_values = _with_embedded(values)
    except OSError as error:
        where = (
            f"{PREFIX}DATA_DIR : dossier inutilisable ({error.strerror}) ; créez-le ou donnez-y les droits"
        )
        raise SettingsError([*problems, where]) from None
    known = {_variable("", field) for field in Core.model_fields}
    core = _validate(Core, core_values, "", problems)
    built: dict[str, BaseModel] = {}
    for name, kind in sections.items():
        known |= {_variable(name, field) for field in kind.model_fields}
        given = _pick(values, kind, name)
        required = any(field.is_required() for field in kind.model_fields.values())
        if given or not required:
            section = _validate(kind, given, name, problems)
            if section:
                built[name] = section
    problems += [
        f"{name} : réglage inconnu ; corrigez le nom ou retirez-le (liste dans .env.example)"
        for name in sorted(values)
        if name.startswith(PREFIX) and name not in known and name not in IGNORED
    ]
    if core:
        problems += _missing_sections(core, sections, built)
    if problems or not core:
        raise SettingsError(problems)
    return Settings(core, built)


def load_keys() -> dict[str, bytes]:
    """The key ring, where nothing else may be set. Raises SettingsError."""
    name, problems = _variable("", "encryption_keys"), list[str]()
    value = _merge(os.environ, Path(".env"), problems).get(name, "")
    try:
        if ring := parse_keys(value):
            return ring
        told = in_french("missing", "")
    except ValueError as error:
        told = str(error)
    raise SettingsError([one for one in problems if one.startswith(name)] or [f"{name} : {told}"])


def _with_embedded(values: dict[str, str]) -> dict[str, Any]:
    """The values of ``Core``; what the sandbox and secrets of one's own complete is added to ``values``."""
    core_values = _pick(values, Core, "")
    data_dir = Path(core_values.get("data_dir") or "var")
    if _is_empty(values):
        core_values["sandbox_url"] = "http://127.0.0.1:8090"
    if sandbox := core_values.get("sandbox_url", "").rstrip("/"):
        trial = _sandbox_values(sandbox, data_dir)
        values |= {name: value for name, value in trial.items() if not values.get(name)}
        core_values = _pick(values, Core, "") | core_values
    if not core_values.get("database_url"):
        core_values = _embedded_secrets(data_dir) | core_values
    return core_values


def describe(sections: Mapping[str, type[BaseModel]]) -> Iterator[str]:
    """The lines of ``.env.example``: every variable, its meaning and its default."""
    yield "# Réglages de Paraphe. Chaque variable X peut être remplacée par X_FILE=/chemin (secret monté)."
    yield "# Sans aucun réglage, le hub démarre sur ses valeurs embarquées, avec le bac à sable."
    described: dict[str, type[BaseModel]] = {"": Core, **sections}
    for name, kind in described.items():
        yield ""
        yield f"# --- {name or 'le hub'}"
        for field_name, field in kind.model_fields.items():
            if described_as := field.description or _COMMON.get(field_name):
                yield f"# {described_as}"
            default = "" if field.is_required() or field.default is None else field.default
            if isinstance(default, SecretStr):
                default = default.get_secret_value()
            yield f"{'# ' if not field.is_required() else ''}{_variable(name, field_name)}={default}"


def _variable(section: str, field: str) -> str:
    name = field.upper()
    if not section:
        return name if name in UNPREFIXED else PREFIX + name
    return f"{PREFIX}{section.upper()}_{name}"


def _is_empty(values: Mapping[str, str]) -> bool:
    given = {name for name, value in values.items() if value} - set(IGNORED)
    return not any(name.startswith(PREFIX) or name in UNPREFIXED for name in given)


def _merge(environ: Mapping[str, str], dotenv: Path | None, problems: list[str]) -> dict[str, str]:
    values = (
        {key: value for key, value in dotenv_values(dotenv).items() if value is not None} if dotenv else {}
    )
    values |= environ
    for name in [key for key in values if key.endswith("_FILE")]:
        base = name.removesuffix("_FILE")
        if name == "PARAPHE_TRUST_ROOTS_FILE" or not (base.startswith(PREFIX) or base in UNPREFIXED):
            continue
        try:
            mounted = Path(values.pop(name)).read_text(encoding="utf-8").strip()
            values[base] = values.get(base) or mounted
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "ce n'est pas du texte UTF-8"
            problems.append(f"{name} : fichier illisible ({why}) ; vérifiez le chemin et les droits")
    return values


def _sandbox_values(url: str, data_dir: Path) -> dict[str, str]:
    (data_dir / "archive").mkdir(parents=True, exist_ok=True)  # an archive's root is never made by the hub
    text = (_HERE / "sandbox" / "hub.env").read_text(encoding="utf-8")
    parts = urlsplit(url)
    smtp = f"{parts.hostname}:{(parts.port or 80) + 1}"  # where sandbox/mail listens
    text = text.replace("{sandbox}", url).replace("{smtp}", smtp).replace("{data}", str(data_dir))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def _pick(values: Mapping[str, str], kind: type[BaseModel], section: str) -> dict[str, Any]:
    """What is set for this section. An empty value means "not set", except where a text may be empty."""
    found = {name: (field, values.get(_variable(section, name))) for name, field in kind.model_fields.items()}
    return {
        name: value
        for name, (field, value) in found.items()
        if value or (value == "" and field.annotation is str and not field.is_required())
    }


def _validate(kind: type[Section], values: dict[str, Any], name: str, problems: list[str]) -> Section | None:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            variable = _variable(name, str(fault["loc"][0])) if fault["loc"] else name
            problems.append(f"{variable} : {in_french(fault['type'], fault['msg'])}")
        return None


def _missing_sections(
    core: Core, sections: Mapping[str, type[BaseModel]], built: Mapping[str, BaseModel]
) -> list[str]:
    """The provider, the converter and the archives in use must be set up."""
    used = [("PROVIDER", core.provider), ("CONVERTER", core.converter)]
    used += [("ARCHIVES", name) for name in names(core.archives)]
    lines = []
    for setting, name in used:
        if name not in sections:
            lines.append(
                f"{PREFIX}{setting} : « {name} » n'existe pas ici ; voyez les sections de .env.example"
            )
        elif name not in built:
            required = [_variable(name, f) for f, i in sections[name].model_fields.items() if i.is_required()]
            lines.append(f"{', '.join(required)} : obligatoire pour {PREFIX}{setting}={name}")
    return lines


def _embedded_secrets(data_dir: Path) -> dict[str, str]:
    """Secrets of an installation without a database URL: drawn once, kept beside its SQLite file."""
    path = data_dir / "secrets.env"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        drawn = {
            "secret_key": secrets.token_urlsafe(48),
            "encryption_keys": new_encryption_key("k1"),
            "events_secret": "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        fresh = data_dir / f".secrets.{secrets.token_hex(6)}"
        fresh.touch(mode=0o600)
        fresh.write_text("".join(f"{key}={value}\n" for key, value in drawn.items()), encoding="utf-8")
        try:  # several processes may start at once: the first to link wins
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line)
