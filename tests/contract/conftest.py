"""Every provider behind one fixture: its connector talks through a tee to its stand-in, and what it sent
is held against the provider's own description when PARAPHE_SPECS names the folder that holds it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from connectors.signature import SignatureProvider
from tests.contract.hands import Hands
from tests.contract.providers import CASES, PREVIOUS, SECRET, Case
from tests.contract.specification import Specification
from tests.contract.tee import Sent, Tee, tee_to
from tests.fixtures.sandbox import Control, Sandbox

_checked = 0


@cache
def specification_of(case: Case) -> Specification | None:
    """The provider's description, read once; None when there is none, or it is not ours to keep and nothing
    says where it is."""
    if case.specification is None:
        return None
    kept, folder = Path("tests/specs") / case.specification, os.environ.get("PARAPHE_SPECS")
    if kept.exists():
        return Specification(kept, case.server, closed=case.closed)
    if not folder:
        return None
    return Specification(Path(folder) / case.specification, case.server, closed=case.closed)


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
def scene(case: Case, sandbox: Sandbox, tee: Tee) -> Iterator[Scene]:
    global _checked  # noqa: PLW0603 # told once, at the end
    tee.forget()
    control, url = sandbox.control(case.name), f"{tee.url}/{case.name}"
    yield Scene(case, case.build(url, (SECRET, PREVIOUS)), url, control, case.hands(control), tee.sent)

    specification = specification_of(case)
    if specification is not None:
        sent = [_relative(one, case.name) for one in tee.sent()]
        sent = [one for one in sent if not re.search(case.beside, one.target)]
        faults = [specification.fault(one) for one in sent]
        assert not any(faults), f"the provider would refuse: {[fault for fault in faults if fault]}"
        _checked += len(sent)


def _relative(sent: Sent, mount: str) -> Sent:
    """The request as the provider would see it, without the stand-in's mount."""
    return Sent(sent.method, sent.target.removeprefix(f"/{mount}"), sent.headers, sent.body)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    line = f"contract: {_checked} requests checked against the providers' own descriptions"
    without = ", ".join(case.name for case in CASES if case.specification is None)
    line += f" ({without} publishes none)" if without else ""
    unchecked = ", ".join(case.name for case in CASES if case.specification and not specification_of(case))
    if unchecked:
        line += f"; PARAPHE_SPECS is not set, nothing was checked for {unchecked}"
    terminalreporter.write_line(line)
