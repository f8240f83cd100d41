"""Posts to URLs that strangers give the hub (``resume_url``, hooks), and reads from URLs that a record's
identifier completes, without being used against the network it stands in.

A name is resolved once, every address it gives must be public (or in a network the firm allows), and
the connection goes to exactly the address that was checked: a second resolution would let the name
change its answer in between (DNS rebinding). Redirects are not followed; the answer's body is
thrown away unless it was asked for, and then bounded. Called by the workers at each delivery and reading and
by the web at subscription.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Thread
from typing import Unpack

from connectors.http import Limits, retry_after
from connectors.http_transport import (
    AnswerLostError,
    ApiAnswer,
    Content,
    NotSentError,
    Transport,
    UnsendableError,
    host_of,
)
from domain.errors import Refused, Retryable, Unknown

Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], list[str]]

#: IANA special-purpose registries (RFC 6890 and updates). ``ipaddress.is_global`` says yes to
#: several of these (multicast, NAT64, 6to4) and its table varies with the version of Python.
_NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
            *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *("224.0.0.0/4", "240.0.0.0/4"),
            "2001::/23",  # Teredo, ORCHID and other protocol assignments
            "2002::/16",  # 6to4
            *("2001:db8::/32", "3fff::/20", "2620:4f:8000::/48"),  # documentation, AS112
        ),
    )
)
#: the only block from which public IPv6 addresses are given out: leaves aside loopback, mapped,
#: compatible, NAT64, unique local, link-local, site-local, multicast
_PUBLIC_IPV6 = IPv6Network("2000::/3")

# The web's own reading of a host (WHATWG URL, "ends in a number"): 127.1, 2130706433, 0x7f.1, 0177.0.0.1
_NUMERIC_LABEL = re.compile(r"(?:\d+|0[xX][0-9a-fA-F]*)")
# nothing that two readers could understand differently: no user@, no fragment, no \ and no blank
_FORM = re.compile(r"https?://[^\x00-\x20\x7f\\#@/?]+(?:[/?][^\x00-\x20\x7f\\#]*)?", re.IGNORECASE)
_LONGEST_URL = 2048


@dataclass(frozen=True)
class Answer:
    """``retry_after`` is in seconds, kept between one second and a day."""

    status: int
    retry_after: float | None
    body: bytes = b""


def system_resolve(host: str, port: int) -> list[str]:
    """What the system's resolver says; raises OSError or UnicodeError when it says nothing."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address belongs to somebody on the public Internet."""
    if isinstance(address, IPv6Address) and address not in _PUBLIC_IPV6:
        return False
    return address.is_global and not any(address in network for network in _NOT_PUBLIC)


class Guarded:
    """Thread-safe. ``allowed_networks`` are private networks of the firm that may be called all the
    same; ``tls`` replaces the public certificate authorities (a firm's own authority)."""

    def __init__(
        self,
        allowed_networks: Iterable[Network] = (),
        *,
        resolve: Resolve = system_resolve,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        total_seconds: float = 10.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed, self._resolve, self._now = tuple(allowed_networks), resolve, now
        self._limits = Limits(min(5.0, total_seconds), total_seconds, total_seconds, 65_536)
        self._tls = tls

    def check_url(self, url: str) -> None:
        """Raise Refused ``url_not_allowed`` unless the URL may be called today, Retryable when its
        name does not resolve. Every post checks again."""
        host, port = self._host(url)
        self._addresses(host, port)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The status, whatever it is. Raises Refused ``url_not_allowed`` (nothing was sent),
        Retryable (did not leave) and Unknown (left, no answer came within the total time)."""
        answer = self._exchange("POST", url, self._limits, partly=True, content=body, headers=headers)
        return Answer(answer.status, retry_after(answer.headers, self._now(), longest=86_400))

    def read(self, url: str, headers: Mapping[str, str], max_bytes: int) -> Answer:
        """The whole answer to a GET, whatever its status. Raises as ``post`` does, Unknown for more than
        ``max_bytes`` as well."""
        limits = replace(self._limits, max_bytes=max_bytes)
        answer = self._exchange("GET", url, limits, headers=headers)
        wait = retry_after(answer.headers, self._now(), longest=86_400)
        return Answer(answer.status, wait, answer.body)

    def _exchange(
        self, method: str, url: str, limits: Limits, *, partly: bool = False, **content: Unpack[Content]
    ) -> ApiAnswer:
        self._host(url)
        # a client per call: no cookie and no open connection passes from one stranger to the next
        transport = Transport(limits, {}, tls=self._tls, addresses=self._addresses)
        try:
            return transport.exchange(method, url, partly=partly, **content)
        except UnsendableError:
            raise _refused("cette adresse ne peut pas être appelée") from None
        except NotSentError:
            raise _unreachable() from None
        except AnswerLostError:
            raise Unknown(
                "hook_answer_lost", "L'adresse à prévenir n'a pas répondu à temps ; elle sera rappelée."
            ) from None
        finally:
            transport.close()

    def _host(self, url: str) -> tuple[str, int]:
        """Host and port of a URL whose form is acceptable."""
        parts = host_of(url) if len(url) <= _LONGEST_URL and _FORM.fullmatch(url) else None
        if parts is None:
            raise _refused("elle doit être de la forme https://nom/chemin, sans identifiant ni « # »")
        host, port = parts
        last_label = host.rstrip(".").rpartition(".")[2]
        numeric = _address(host) is None and _NUMERIC_LABEL.fullmatch(last_label)
        if numeric or "%" in host or not 0 < port < 65_536:
            raise _refused("son nom d'hôte ou son port n'est pas valable")
        return host, port

    def _addresses(self, host: str, port: int) -> list[str]:
        """The addresses to connect to, each of them checked: one bad address condemns the name."""
        literal = _address(host)
        found = [host] if literal else self._resolve_in_time(host, port)
        for text in found:
            address = _address(text)
            allowed = address is not None and any(address in network for network in self._allowed)
            if address is None or not (allowed or is_public(address)):
                raise _refused(
                    "elle mène à un réseau privé ou réservé (s'il s'agit du vôtre, ajoutez-le aux réseaux "
                    "autorisés)"
                )
        return found

    def _resolve_in_time(self, host: str, port: int) -> list[str]:
        """Resolving has no timeout of its own; a thread is left behind rather than waited for."""
        found: list[str] = []

        def resolve() -> None:
            try:
                found.extend(self._resolve(host, port))
            except (OSError, UnicodeError):
                return

        thread = Thread(target=resolve, daemon=True)
        thread.start()
        thread.join(self._limits.connect_seconds)
        addresses = list(found)
        if not addresses:
            raise _unreachable()
        return addresses


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _refused(why: str) -> Refused:
    return Refused("url_not_allowed", f"L'adresse à prévenir est refusée : {why}.")


def _unreachable() -> Retryable:
    return Retryable("hook_unreachable", "L'adresse à prévenir est injoignable ; elle sera rappelée.")
