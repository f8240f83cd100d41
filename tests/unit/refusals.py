"""How tests read a refusal."""

from __future__ import annotations

from typing import Any

import pytest

from domain.normalise.fault import Fault


def refusal(parse: Any, *given: Any) -> str:
    with pytest.raises(Fault) as caught:
        parse(*given)
    assert " ; " in caught.value.detail, "a refusal says the fault and the fix"
    return caught.value.code
