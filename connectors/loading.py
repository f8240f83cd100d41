"""From a registry line to a connector. Its class names its settings: ``Config``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from pydantic import BaseModel

from connectors import Services, archives, converters, signature, sources
from domain.errors import Permanent

REGISTRIES: tuple[Mapping[str, str], ...] = (
    sources.REGISTRY,
    converters.REGISTRY,
    signature.REGISTRY,
    archives.REGISTRY,
)


def connector_class(registry: Mapping[str, str], name: str) -> Any:
    """Raises KeyError for a name that is not registered."""
    module, _, attribute = registry[name].partition(":")
    return getattr(import_module(module), attribute)


def sections() -> dict[str, type[BaseModel]]:
    """The settings section of every connector that has one, by name."""
    found: dict[str, type[BaseModel]] = {}
    for registry in REGISTRIES:
        for name in registry:
            assert name not in found, f"two connectors are named {name}"
            found[name] = connector_class(registry, name).Config
    return found


def build(registry: Mapping[str, str], name: str, config: BaseModel | None, services: Services) -> Any:
    """Raises Permanent for a connector that is unknown or not set up."""
    if name not in registry:
        raise Permanent(
            "connector_unknown", "Ce connecteur n'existe pas dans cette version ; vérifiez son nom."
        )
    if config is None:
        raise Permanent(
            "connector_not_set_up",
            "Ce connecteur n'est pas configuré ; ajoutez ses réglages (liste dans .env.example).",
        )
    return connector_class(registry, name)(config, services)
