"""The part of Drive's search language that is needed (guide ``search-files``); the rest is refused."""

from __future__ import annotations

import re
from collections.abc import Callable

from sandbox.google.items import Item
from sandbox.google.refusals import invalid

Test = Callable[[Item], bool]

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:\\.|[^'\\])*')|(?P<mark>!=|[=(){}])|(?P<word>[A-Za-z]+))", re.DOTALL)


def parse(query: str) -> tuple[Test, list[str]]:
    """What decides whether an item is listed, and the folders named in it. Raises Refusal 400."""
    parser = _Parser(query)
    test = parser.any_of()
    if parser.tokens:
        raise invalid("q")
    return test, parser.parents


class _Parser:
    def __init__(self, query: str) -> None:
        self.tokens: list[str] = []
        self.parents: list[str] = []
        place = 0
        while query[place:].strip():
            token = _TOKEN.match(query, place)
            if token is None:
                raise invalid("q")
            self.tokens.append(token[0].strip())
            place = token.end()

    def any_of(self) -> Test:
        tests = [self.all_of()]
        while self._next_is("or"):
            tests.append(self.all_of())
        return lambda item: any(test(item) for test in tests)

    def all_of(self) -> Test:
        tests = [self.one()]
        while self._next_is("and"):
            tests.append(self.one())
        return lambda item: all(test(item) for test in tests)

    def one(self) -> Test:
        if self._next_is("not"):
            inner = self.one()
            return lambda item: not inner(item)
        if self._next_is("("):
            inner = self.any_of()
            self._need(")")
            return inner
        return self._term(self._take())

    def _term(self, first: str) -> Test:
        if first.startswith("'"):
            parent = _text(first)
            self._need("in", "parents")
            self.parents.append(parent)
            return lambda item: parent in item.parents
        match first:
            case "name":
                self._need("=")
                name = _text(self._take()).casefold()  # Drive compares loosely: the hostile reading
                return lambda item: item.name.casefold() == name
            case "mimeType":
                wanted = not self._next_is("!=")
                if wanted:
                    self._need("=")
                kind = _text(self._take())
                return lambda item: (item.mime_type == kind) is wanted
            case "trashed":
                self._need("=")
                trashed = {"true": True, "false": False}.get(self._take())
                return lambda item: item.trashed is trashed
            case "appProperties":
                self._need("has", "{", "key", "=")
                key = _text(self._take())
                self._need("and", "value", "=")
                value = _text(self._take())
                self._need("}")
                return lambda item: item.app_properties.get(key) == value
        raise invalid("q")

    def _take(self) -> str:
        if not self.tokens:
            raise invalid("q")
        return self.tokens.pop(0)

    def _next_is(self, token: str) -> bool:
        if self.tokens[:1] != [token]:
            return False
        self.tokens.pop(0)
        return True

    def _need(self, *tokens: str) -> None:
        for token in tokens:
            if not self._next_is(token):
                raise invalid("q")


def _text(token: str) -> str:
    if not token.startswith("'"):
        raise invalid("q")
    return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)
