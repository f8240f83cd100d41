"""What a process of the hub holds: settings, database, queue, and connectors built when first needed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import logs
from connectors import Services, archives, converters, signature, sources
from connectors.archives import Archive
from connectors.converters import Converter
from connectors.loading import build
from connectors.mail import NOT_SET_UP, Mail, MailConfig
from connectors.outbound_guard import Guarded
from connectors.signature import SignatureProvider
from connectors.sources import Source
from domain.cabinet import Cabinet
from domain.copies import Copies
from domain.naming import PARIS
from domain.normalise import normalise
from domain.record import Record
from settings import Settings, names, parse_keys
from store import steps
from store.cipher import KeyRing
from store.claims import Claims
from store.database import Database, DatabaseError, Session
from store.steps import Claimed
from store.tokens import Tokens
from store.turns import Turns
from workers.queue import Carrier, StepQueue, connection
from workers.templates import Templates

_log = logs.get("runtime")


def utc_now() -> datetime:
    return datetime.now(UTC)


class Runtime:
    """``now`` and ``draw`` are the seams for time and chance. Whoever moves ``now`` leaves connectors the
    true one (``true_now``): their tokens are judged by other people's clocks. ``queue`` replaces RQ."""

    def __init__(
        self,
        settings: Settings,
        now: Callable[[], datetime] = utc_now,
        draw: Callable[[], float] = random.random,
        true_now: Callable[[], datetime] | None = None,
        queue: Carrier | None = None,
    ) -> None:
        self.settings = settings
        self.now = now
        self.draw = draw
        self.queue = queue or StepQueue(lambda: connection(settings), int(settings.core.step_seconds))
        ring = KeyRing(parse_keys(settings.core.encryption_keys.get_secret_value()))
        self.database = Database(settings.database_url, ring, self._hand_over)
        self.templates = Templates(settings.core.templates_dir, self.database)
        self.guarded = Guarded([ip_network(n) for n in names(settings.core.allowed_networks)], now=now)
        self._services = _services(self.database, true_now or now, self.guarded)
        self._built: dict[str, Any] = {}

    def source(self, name: str) -> Source:
        found: Source = self._connector(sources.REGISTRY, name)
        return found

    def provider(self, name: str) -> SignatureProvider:
        found: SignatureProvider = self._connector(signature.REGISTRY, name)
        return found

    def archive(self, name: str) -> Archive:
        found: Archive = self._connector(archives.REGISTRY, name)
        return found

    def archive_names(self) -> tuple[str, ...]:
        """Those that are set up, whether new conventions go there or not."""
        return tuple(name for name in archives.REGISTRY if name in self.settings.sections)

    def converter(self) -> Converter:
        found: Converter = self._connector(converters.REGISTRY, self.settings.core.converter)
        return found

    def mailer(self) -> Mail:
        """Raises Permanent when the firm has not said who carries its mail."""
        config = self.settings.section("mail", MailConfig)
        if config is None:
            raise NOT_SET_UP
        return Mail(config)

    def cabinet(self) -> Cabinet:
        return self.settings.section("cabinet", Cabinet) or Cabinet()

    def copies(self) -> Copies:
        return self.settings.section("copies", Copies) or Copies()

    def normalise(self, fields: Mapping[str, Any]) -> Record:
        """The firm's own column names and usual values applied. Raises Invalid with every fault."""
        cabinet = self.cabinet()
        return normalise(
            fields,
            mapping=self.settings.columns,
            today=self.now().astimezone(PARIS).date(),
            defaults=cabinet.record_defaults(),
            firm_email=cabinet.email,
            result_cap=self.settings.thresholds.result_rate_max,
        )

    def trust_roots(self) -> list[bytes]:
        """PEM certificates that a signature must lead to; none asked for: integrity alone counts."""
        path = self.settings.core.trust_roots_file
        return [path.read_bytes()] if path else []

    @contextmanager
    def finishing(self, claimed: Claimed) -> Iterator[Session]:
        """The transaction that ends a step: its effects and its end are written together, or, when the
        lease was lost, not at all."""
        with self.database.transaction() as tx:
            steps.finish(tx, self.now(), claimed)
            yield tx

    def close(self) -> None:
        for connector in self._built.values():
            close = getattr(connector, "close", None)
            if close:
                close()
        self.database.close()

    def _connector(self, registry: Mapping[str, str], name: str) -> Any:
        if name not in self._built:
            self._built[name] = build(registry, name, self.settings.sections.get(name), self._services)
        return self._built[name]

    def _hand_over(self, step_ids: list[str]) -> None:
        """Their transaction is committed: nothing that goes wrong here may look as if it were not."""
        if not self.queue.hand_over(step_ids):
            return
        try:
            with self.database.transaction() as tx:
                steps.mark_handed(tx, self.now(), step_ids)
        except DatabaseError:  # not noted as handed: the clock will only hand them over again
            _log.warning("handing_not_noted", extra={"count": len(step_ids)})


def _services(database: Database, now: Callable[[], datetime], guarded: Guarded) -> Services:
    claims, turns, ring = Claims(database), Turns(database), database.ring
    return Services(
        now=now,
        claim=claims.claim,
        forget=claims.forget,
        tokens=Tokens(database),
        turn=lambda scope, interval, longest: turns.book(scope, interval, now(), longest),
        seal=ring.seal,
        unseal=ring.open,
        guarded=guarded,
    )
