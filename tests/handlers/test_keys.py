"""What a caller's key opens, and that it closes."""

from __future__ import annotations

import pytest
from flask import Flask

from store import keys
from store.models import Step
from tests.pages.application import Application

HOOK = {"url": "http://127.0.0.1:9/hook"}


def _key(application: Application, *scopes: str) -> tuple[str, str]:
    with application.runtime.database.transaction() as tx:
        row, shown = keys.create(tx, application.now, "essai", scopes)
    return row.id, shown


def _guarded(app: Flask) -> list[tuple[str, str, str]]:
    """(method, path, scope) of every route that asks for a key."""
    found = []
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", "public")
        if access not in ("public", "person"):
            path = rule.rule.replace("<convention_id>", "cv_x").replace("<hook_id>", "hk_x")
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                found.append((method, path, access))
    return found


def test_every_guarded_route_refuses_no_key_a_wrong_one_and_one_without_its_scope(door: Application) -> None:
    guarded = _guarded(door.flask)
    assert len(guarded) > 15
    for method, path, scope in guarded:
        others = [one for one in keys.SCOPES if one != scope]
        _, weak = _key(door, *others)
        for key, status, code in [
            ("", 401, "key_missing"),
            ("prp_0_x", 401, "key_refused"),
            (weak[:-1] + ("a" if weak[-1] != "a" else "b"), 401, "key_refused"),
            *([(weak, 403, "scope_missing")] if scope != "any key" else []),
        ]:
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            answer = door.client.open(path, method=method, headers=headers, json={})
            assert (answer.status_code, answer.get_json()["code"]) == (status, code), (method, path)
            assert ("WWW-Authenticate" in answer.headers) is (status == 401)


@pytest.mark.parametrize("how", ["bearer", "header", "basic"])
def test_a_key_is_taken_in_each_way_that_tools_send_one(door: Application, how: str) -> None:
    if how == "basic":
        answer = door.client.get("/v1/me", auth=(door.key, "anything"))
    else:
        named = {"bearer": {"authorization": f"bearer {door.key}"}, "header": {"x-api-key": door.key}}
        answer = door.client.get("/v1/me", headers=named[how])
    assert answer.get_json()["label"] == "essai"


def test_a_revoked_key_opens_nothing_and_what_it_subscribed_to_ends(application: Application) -> None:
    """Whoever took the key must not go on receiving events through a subscription made with it."""
    key_id, shown = _key(application, *keys.SCOPES)
    headers = {"Authorization": f"Bearer {shown}"}
    hook = application.client.post("/v1/hooks", json=HOOK, headers=headers).get_json()["id"]
    kept = application.client.post("/v1/hooks", json=HOOK, headers=application.authorised).get_json()["id"]
    with application.runtime.database.transaction() as tx:
        assert keys.revoke(tx, application.now, key_id)
        assert not keys.revoke(tx, application.now, key_id)
    assert application.client.get("/v1/me", headers=headers).get_json()["code"] == "key_refused"
    application.convention("read", "render")
    with application.runtime.database.reading() as session:
        told = [step.argument or "" for step in session.query(Step).all()]
    assert any(kept in argument for argument in told)
    assert not any(hook in argument for argument in told)


def test_a_hook_is_listed_and_ended_by_its_own_key_alone(application: Application) -> None:
    _, other = _key(application, "hooks")
    theirs = {"Authorization": f"Bearer {other}"}
    hook = application.client.post("/v1/hooks", json=HOOK, headers=application.authorised).get_json()["id"]
    assert application.client.get("/v1/hooks", headers=theirs).get_json()["items"] == []
    assert application.client.delete(f"/v1/hooks/{hook}", headers=theirs).status_code == 204
    mine = application.client.get("/v1/hooks", headers=application.authorised).get_json()["items"]
    assert [one["id"] for one in mine] == [hook]
