"""What is wrong with one value, before it is known which field it stands in."""

from __future__ import annotations


class Fault(ValueError):
    """``code`` is stable English; ``detail`` is French, "what is wrong ; what to do", without the value."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
