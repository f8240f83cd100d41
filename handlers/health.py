"""For the host and its monitoring: alive, ready, figures."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from handlers.auth import public
from handlers.hub import hub
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
    response = jsonify(
        {"database": database, "queue": queue, "status": "ok" if database and queue else "degraded"}
    )
    response.status_code = 200 if database else 503
    return response


class _Figures(Collector):
    def collect(self) -> list[Metric]:
        families: dict[str, GaugeMetricFamily] = {}
        with hub().database.reading() as session:
            lines = read_metrics(session, hub().now())
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
