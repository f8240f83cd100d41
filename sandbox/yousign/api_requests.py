"""Signature requests: create, list, read, activate, cancel, reactivate, delete."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from sandbox.yousign import answers, bodies
from sandbox.yousign.api import blueprint, flag, json_body
from sandbox.yousign.desk import Desk
from sandbox.yousign.lifecycle import end_of_day
from sandbox.yousign.refusals import bad_request
from sandbox.yousign.state import SignatureRequest

Answer = tuple[dict[str, Any], int]


def routes(desk: Desk) -> Blueprint:
    api = blueprint("requests", desk)
    state, lifecycle = desk.state, desk.lifecycle

    @api.post("/signature_requests")
    def create() -> Answer:
        asked = json_body(bodies.NewRequest)
        expires_at = end_of_day(asked.expiration_date, asked.timezone)
        made = SignatureRequest(asked.model_dump(), expires_at)
        state.requests[made.id] = made
        return answers.request(state, made), 201

    @api.get("/signature_requests")
    def find() -> dict[str, Any]:
        for one in list(state.requests.values()):
            lifecycle.expire_overdue(one)
        return _page([answers.request(state, one) for one in _matching(list(state.requests.values()))])

    @api.get("/signature_requests/<request_id>")
    def read(request_id: str) -> dict[str, Any]:
        return answers.request(state, desk.request(request_id))

    @api.post("/signature_requests/<request_id>/activate")
    def activate(request_id: str) -> Answer:
        json_body(bodies.Activation, may_be_empty=True)
        found = desk.request(request_id)
        lifecycle.activate(found)
        return answers.activated(state, found, desk.link_base), 201

    @api.post("/signature_requests/<request_id>/cancel")
    def cancel(request_id: str) -> Answer:
        json_body(bodies.Cancellation)
        found = desk.request(request_id)
        lifecycle.cancel(found)
        return answers.request(state, found), 201

    @api.post("/signature_requests/<request_id>/reactivate")
    def reactivate(request_id: str) -> Answer:
        asked = json_body(bodies.Reactivation)
        found = desk.request(request_id)
        lifecycle.reactivate(found, end_of_day(asked.expiration_date, found.asked["timezone"]))
        return answers.request(state, found), 201

    @api.delete("/signature_requests/<request_id>")
    def delete(request_id: str) -> tuple[str, int]:
        lifecycle.delete(desk.request(request_id), permanently=flag("permanent_delete"))
        return "", 204

    return api


def _matching(requests: list[SignatureRequest]) -> list[SignatureRequest]:
    """Newest first, filtered as the query says; a filter that is not known is refused."""
    for key, value in request.args.items():
        match key:
            case "external_id[eq]":
                requests = [one for one in requests if one.asked["external_id"] == value]
            case "status[eq]" | "status[in]":
                requests = [one for one in requests if one.status in value.split(",")]
            case "limit" | "after":
                pass
            case _:
                raise bad_request(f"the sandbox does not know the filter {key}")
    return sorted(requests, key=lambda one: one.created_at, reverse=True)


def _page(found: list[dict[str, Any]]) -> dict[str, Any]:
    """``limit`` at most 100; the cursor is the id of the last one given."""
    limit = request.args.get("limit", "100")
    if not limit.isdecimal() or not 1 <= int(limit) <= 100:
        raise bad_request("limit: must be between 1 and 100")
    ids = [one["id"] for one in found]
    after = request.args.get("after")
    start = ids.index(after) + 1 if after in ids else 0
    page = found[start : start + int(limit)]
    is_last = start + len(page) >= len(found)
    return {"meta": {"next_cursor": None if is_last else page[-1]["id"]}, "data": page}
