"""The sandbox, as a rehearsal uses it: started when it is not running, and made to sign."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel

from connectors.http import Api, Limits, System
from domain.errors import ParapheError, Permanent
from rehearsal.outcome import Failed

_ROOT = Path(__file__).parents[1]
_SYSTEM = System("sandbox", "Le bac à sable", "PARAPHE_SANDBOX")
_HERE = ("127.0.0.1", "localhost", "::1")


class _Listed(BaseModel):
    stand_ins: list[str]


class _Signer(BaseModel):
    id: str
    link: str | None = None


class _Request(BaseModel):
    id: str
    signers: list[_Signer]


def api(url: str) -> Api:
    return Api(url, _SYSTEM, headers={}, now=lambda: datetime.now(UTC), limits=Limits(total_seconds=30))


@contextmanager
def standing(url: str, provider: str) -> Iterator[bool]:
    """The sandbox at ``url`` holds ``provider`` for as long as this lasts; True when it had to be started.
    Raises Failed when that is not possible."""
    child = None
    try:
        known = _stand_ins(url)
        if known is None:
            child = _started(url)
            known = _stand_ins(url) or []
        if provider not in known:
            raise Failed(
                f"Le bac à sable n'imite pas « {provider} ».", f"Choisissez parmi : {', '.join(known)}."
            )
        yield child is not None
    finally:
        if child:
            child.terminate()
            child.wait(10)


class StandIn:
    """One stand-in's control interface."""

    def __init__(self, sandbox_url: str, provider: str) -> None:
        self._api = api(f"{sandbox_url}/{provider}/_control")

    def sign(self, request: str, rank: int) -> None:
        """``request`` is the provider's own id, ``rank`` the signer's (from 0)."""
        order = {"signature_request": request, "signer": self._signers(request)[rank].id}
        self._api.request("POST", "/sign", json=order)

    def link(self, request: str, rank: int) -> str | None:
        """The signing link of the signer at ``rank`` (from 0), where the provider gives us none."""
        signers = self._signers(request)
        return signers[rank].link if rank < len(signers) else None

    def _signers(self, request: str) -> list[_Signer]:
        known = self._api.ask(list[_Request], "GET", "/signature_requests")
        return next((one.signers for one in known if one.id == request), [])


def _stand_ins(url: str) -> list[str] | None:
    """None when nobody answers there."""
    try:
        return api(url).ask(_Listed, "GET", "/").stand_ins
    except Permanent:
        pass
    except ParapheError as error:
        if error.code == "sandbox_unreachable":
            return None
    raise Failed(
        f"Ce qui répond à {url} n'est pas le bac à sable.",
        "Libérez ce port, ou corrigez PARAPHE_SANDBOX_URL.",
    )


def _started(url: str) -> subprocess.Popen[str]:
    parts = urlsplit(url)
    if parts.hostname not in _HERE:
        raise Failed(
            f"Le bac à sable ne répond pas à {url}.", "Lancez-y « python -m sandbox », puis recommencez."
        )
    command = [sys.executable, "-m", "sandbox", "--host", parts.hostname, "--port", str(parts.port or 80)]
    # a session of its own: Ctrl-C reaches the rehearsal alone, which still has to tidy up there
    child = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert child.stdout is not None
    if not child.stdout.readline():
        child.wait(10)
        raise Failed(
            "Le bac à sable n'a pas démarré ; ce qu'il en dit est au-dessus.",
            "Lancez « python -m sandbox », puis recommencez.",
        )
    return child
