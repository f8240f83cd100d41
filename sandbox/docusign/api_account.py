"""The account: its Connect configurations, and how it can check identities."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from sandbox.docusign import bodies
from sandbox.docusign.api import blueprint, json_body
from sandbox.docusign.desk import Desk
from sandbox.docusign.refusals import Refusal
from sandbox.docusign.state import PHONE_WORKFLOW


def routes(desk: Desk) -> Blueprint:
    api = blueprint("account", desk)
    state = desk.state

    @api.get("/connect")
    def find() -> dict[str, Any]:
        return {
            "configurations": list(state.configurations.values()),
            "totalRecords": str(len(state.configurations)),
        }

    @api.post("/connect")
    def create() -> tuple[dict[str, Any], int]:
        asked = json_body(bodies.NewConfiguration)
        connect_id = str(10_000 + len(state.configurations))
        state.configurations[connect_id] = {"connectId": connect_id, **asked.model_dump()}
        return state.configurations[connect_id], 201

    @api.put("/connect")
    def change() -> dict[str, Any]:
        asked = json_body(bodies.ConfigurationChange)
        if asked.connectId not in state.configurations:
            raise Refusal("CONNECT_CONFIGURATION_NOT_FOUND", "The configuration was not found.")
        state.configurations[asked.connectId] = asked.model_dump()
        return state.configurations[asked.connectId]

    @api.get("/identity_verification")
    def workflows() -> dict[str, Any]:
        phone = {
            "workflowId": PHONE_WORKFLOW,
            "defaultName": "Phone Authentication",
            "defaultDescription": "Recipient will need to authenticate by phone.",
            "inputOptions": [{"optionName": "phone_number_list", "valueType": "PhoneNumberList"}],
        }
        return {"identityVerification": [phone] if state.switchboard.has_phone_workflow else []}

    return api
