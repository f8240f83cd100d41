"""How a process of the hub starts: settings, logs, database at this version."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

import logs
from connectors.loading import sections
from connectors.mail import MailConfig
from documents.template import available
from domain.cabinet import Cabinet
from domain.copies import Copies
from domain.people import ButtonSettings
from domain.thresholds import Thresholds
from settings import Settings, SettingsError, load
from workers.runtime import Runtime
from workers.subscriptions import Triggers


def all_sections() -> dict[str, type[BaseModel]]:
    """Every section of the settings beyond the hub's own: the firm first, the connectors last."""
    own: dict[str, type[BaseModel]] = {"cabinet": Cabinet, "thresholds": Thresholds, "copies": Copies}
    asking: dict[str, type[BaseModel]] = {"buttons": ButtonSettings, "mail": MailConfig, "triggers": Triggers}
    return {**own, **asking, **sections()}


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Raises SettingsError with every problem at once."""
    settings = load(all_sections(), environ)
    cabinet = settings.section("cabinet", Cabinet)
    if not settings.core.sandbox_url and cabinet and cabinet.is_example:
        raise SettingsError(
            [
                f"PARAPHE_CABINET_{field.upper()} : c'est encore le cabinet d'exemple ; mettez le vôtre"
                for field in cabinet.example_fields()
            ]
        )
    if settings.core.template not in (known := available()):
        raise SettingsError([f"PARAPHE_TEMPLATE : modèle inconnu ; choisissez parmi : {', '.join(known)}"])
    return settings


def load_runtime(settings: Settings | None = None, *, for_command: bool = False) -> Runtime:
    """An embedded database is brought to this version at once; a shared one must have been
    (``flask --app app db upgrade``, the Procfile's release phase). The operator's commands take it as it
    is: one of them brings it up to date, another says what is wrong with it."""
    settings = settings or load_settings()
    logs.configure(settings.core.log_level)
    runtime = Runtime(settings)
    if runtime.database.is_sqlite:
        runtime.database.upgrade()
    elif not for_command and not runtime.database.ready():
        raise SettingsError(
            ["DATABASE_URL : base injoignable ou pas à jour ; lancez « flask --app app db upgrade »"]
        )
    return runtime
