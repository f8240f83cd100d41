"""The stand-ins that exist: mount name -> "module:factory", one line each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from sandbox.context import Factory

STAND_INS: Mapping[str, str] = {
    "adobe_sign": "sandbox.adobe_sign:create",
    "airtable": "sandbox.airtable:create",
    "crm": "sandbox.crm:create",
    "docusign": "sandbox.docusign:create",
    "formstack": "sandbox.formstack:create",
    "google": "sandbox.google:create",
    "microsoft_graph": "sandbox.microsoft_graph:create",
    "notion": "sandbox.notion:create",
    "tsa": "sandbox.tsa:create",
    "universign": "sandbox.universign:create",
    "yousign": "sandbox.yousign:create",
}


def factory(name: str) -> Factory:
    """The factory registered under ``name``; its module is imported only now."""
    module, _, attribute = STAND_INS[name].partition(":")
    found: Factory = getattr(import_module(module), attribute)
    return found
