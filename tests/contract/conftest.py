"""Every provider behind one fixture: its connector talks through a tee to its stand-in, and what it sent
is held against the provider's own description when PARAPHE_SPECS names the folder that holds it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from connectors.signature import SignatureProvider
from tests.contract.hands import Hands
from tests.contract.providers import CASES, PREVIOUS, SECRET, Case
from tests.contract.tee import Sent, Tee, tee_to
from tests.fixtures.descriptions import CHECKED, specification_of
from tests.fixtures.sandbox import Control, Sandbox


@dataclass(frozen=True)
class Scene:
    """``provider`` is the connector under contract, ``url`` where its stand-in is reached by it."""

    case: Case
    provider: SignatureProvider
    url: str
    control: Control
    hands: Hands
    sent: Callable[[], list[Sent]]


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture(scope="session")
def tee(sandbox_process: Sandbox) -> Iterator[Tee]:
    between = tee_to(sandbox_process.url)
    between.start()
    yield between
    between.stop()


@pytest.fixture
def scene(request: pytest.FixtureRequest, case: Case, sandbox: Sandbox, tee: Tee) -> Iterator[Scene]:
    tee.forget()
    control, url = sandbox.control(case.name), f"{tee.url}/{case.name}"
    yield Scene(case, case.build(url, (SECRET, PREVIOUS)), url, control, case.hands(control), tee.sent)

    specification = specification_of(case)
    if specification is not None:
        sent = [_relative(one, case.name) for one in tee.sent()]
        sent = [one for one in sent if not re.search(case.beside, one.target)]
        faults = [specification.fault(one) for one in sent]
        assert not any(faults), f"the provider would refuse: {[fault for fault in faults if fault]}"
        request.node.user_properties.append((CHECKED, len(sent)))


def _relative(sent: Sent, mount: str) -> Sent:
    """The request as the provider would see it, without the stand-in's mount."""
    return Sent(sent.method, sent.target.removeprefix(f"/{mount}"), sent.headers, sent.body)
