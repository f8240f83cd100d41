"""The stand-ins that exist: mount name -> "module:factory", one line each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec

from sandbox.context import Factory

STAND_INS: Mapping[str, str] = {
    "adobe_sign": "sandbox.adobe_sign:create",
    "airtable": "sandbox.airtable:create",
    "crm": "sandbox.crm:create",
    "docusign": "sandbox.docusign:create",
    "formstack": "sandbox.formstack:create",
    "google": "sandbox.google:create",
    "mail": "sandbox.mail:create",
    "microsoft_graph": "sandbox.microsoft_graph:create",
    "notion": "sandbox.notion:create",
    "s3": "sandbox.s3:create",
    "tsa": "sandbox.tsa:create",
    "universign": "sandbox.universign:create",
    "yousign": "sandbox.yousign:create",
}

#: stand-ins that rest on a development dependency, absent where only the hub is installed
_NEED: Mapping[str, str] = {"s3": "moto"}


def missing() -> dict[str, str]:
    """The stand-ins that cannot stand here: name -> the package that is not installed."""
    return {name: package for name, package in _NEED.items() if find_spec(package) is None}


def factory(name: str) -> Factory:
    """The factory registered under ``name``; its module is imported only now."""
    module, _, attribute = STAND_INS[name].partition(":")
    found: Factory = getattr(import_module(module), attribute)
    return found
