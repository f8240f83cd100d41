"""For the host and its monitoring: alive, ready, figures."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from domain.copies import Copies
from handlers.auth import public
from handlers.hub import hub
from store import restore_tests
from store.figures import metrics as read_metrics

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """503 without the database. Without the queue the hub still takes everything in: 200, and said."""
    database, queue = hub().database.ready(), hub().queue_ready()
    told: dict[str, Any] = {
        "database": database,
        "queue": queue,
        "status": "ok" if database and queue else "degraded",
    }
    if database:
        told["restore_test"] = _restore_test()
    response = jsonify(told)
    response.status_code = 200 if database else 503
    return response


def _restore_test() -> dict[str, Any]:
    """When what is archived was last restored for a try; ``overdue``: not with success for six months."""
    with hub().database.reading() as session:
        state = restore_tests.state(session, hub().now())
    last = {"last": state.last.at.isoformat(), "passed": state.last.passed} if state.last else {}
    return {"overdue": state.overdue, **last}


class _Figures(Collector):
    def collect(self) -> list[Metric]:
        copies = hub().settings.section("copies", Copies) or Copies()
        families: dict[str, GaugeMetricFamily] = {}
        with hub().database.reading() as session:
            lines = read_metrics(session, hub().now(), copies.verify_after)
        for name, text, labels, value in lines:
            family = families.setdefault(name, GaugeMetricFamily(name, text, labels=list(labels)))
            family.add_metric(list(labels.values()), value)
        return list(families.values())


@blueprint.get("/metrics")
@public
def figures() -> Response:
    """Prometheus text. Counts only: no name, no file number."""
    registry = CollectorRegistry()
    registry.register(_Figures())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
