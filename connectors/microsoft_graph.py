"""Microsoft Graph as an application (no user): its token, and calls that carry it.

The token is asked with the application's secret (client credentials).
Sources: learn.microsoft.com, "OAuth 2.0 client credentials flow", "Microsoft Graph throttling guidance".
"""

from __future__ import annotations

from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from connectors import Services
from connectors.bearer import BearerApi, Grant, Granted
from connectors.http import Api, Limits, System
from domain.errors import Permanent

SCOPE = "https://graph.microsoft.com/.default"
#: how Microsoft asks applications to name themselves: those that do are throttled last
USER_AGENT = "NONISV|Paraphe|hub/1.0"


class GraphConfig(BaseModel):
    """The settings of every connector that goes through Graph."""

    model_config = ConfigDict(hide_input_in_errors=True)

    tenant: str = Field(description="identifiant de l'annuaire Microsoft Entra (GUID ou domaine)")
    client_id: str = Field(description="identifiant de l'application inscrite dans Entra")
    client_secret: SecretStr = Field(description="secret de cette application")
    login_url: str = "https://login.microsoftonline.com"
    graph_url: str = "https://graph.microsoft.com/v1.0"
    timeout_seconds: float = Field(60, gt=0)


def graph(config: GraphConfig, system: System, services: Services) -> BearerApi:
    seconds, now = config.timeout_seconds, services.now
    limits = Limits(read_seconds=seconds, total_seconds=seconds)
    login = Api(config.login_url, system, headers={}, now=now, limits=limits)
    form = {
        "client_id": config.client_id,
        "client_secret": config.client_secret.get_secret_value(),
        "grant_type": "client_credentials",
        "scope": SCOPE,
    }
    path = f"/{quote(config.tenant, safe='')}/oauth2/v2.0/token"
    setting = system.setting
    refused = Permanent(
        f"{system.name}_unauthorised",
        f"Microsoft refuse l'identité du hub : vérifiez {setting}_TENANT, {setting}_CLIENT_ID et "
        f"{setting}_CLIENT_SECRET (un secret d'application expire).",
    )
    grant = Grant(
        f"{system.name}:{config.client_id}", lambda: login.ask(Granted, "POST", path, data=form), refused
    )
    api = Api(config.graph_url, system, headers={"User-Agent": USER_AGENT}, now=now, limits=limits)
    return BearerApi(api, system, grant, services)


def segment(name: str) -> str:
    """One part of a path, quoted: a raw ``#`` would silently cut the address."""
    return quote(name, safe="")
