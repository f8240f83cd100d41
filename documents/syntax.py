"""Holds a template to the vocabulary: walks the syntax tree of what will really be executed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import TemplateSyntaxError, nodes

from documents.faults import fault
from documents.tags import FILTERS, environment
from documents.vocabulary import FLAG, TEXT, VOCABULARY, Maybe
from domain.errors import FieldError

MAX_LOOP_DEPTH = 2
MAX_DEPTH = 20  # Python itself gives up on a hundred nested blocks
PRINTABLE_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_.]{0,80}$")
LOOP = {"index": TEXT, "revindex": TEXT, "length": TEXT, "first": FLAG, "last": FLAG}
#: name -> its shape, and its path in the context (empty for what is not of the context)
Scope = Mapping[str, tuple[Any, str]]
EVERYTHING: Scope = {name: (shape, name) for name, shape in VOCABULARY.items()}


class Checker:
    """Checks the parts of one template; collects the faults and the names used
    (``client.nom``, ``honoraires.phases[].ht``)."""

    def __init__(self) -> None:
        self.faults: list[FieldError] = []
        self.fields: set[str] = set()
        self._part = ""

    def check(self, part: str, source: str) -> None:
        self._part = part
        try:
            tree = environment().parse(source)
            self._statements(tree.body, EVERYTHING)
        except (TemplateSyntaxError, RecursionError):
            self._fault("tag_syntax")

    def _fault(self, code: str, name: str = "") -> None:
        self.faults.append(fault(self._part, code, name))

    def _statements(self, body: list[Any], scope: Scope, depth: int = 0, loops: int = 0) -> None:
        if depth > MAX_DEPTH:
            self._fault("template_too_large")
            return
        for node in body:
            if isinstance(node, nodes.Output):
                for child in node.nodes:
                    if not isinstance(child, nodes.TemplateData):
                        self._printed(child, scope)
            elif isinstance(node, nodes.If):
                self._expression(node.test, scope)
                self._statements(node.elif_, scope, depth, loops)
                for branch in (node.body, node.else_):
                    self._statements(branch, scope, depth + 1, loops)
            elif isinstance(node, nodes.For):
                self._loop(node, scope, depth, loops)
            else:
                self._fault("tag_code")

    def _loop(self, node: nodes.For, scope: Scope, depth: int, loops: int) -> None:
        if not isinstance(node.target, nodes.Name) or node.test or node.recursive or loops >= MAX_LOOP_DEPTH:
            self._fault("tag_code")
            return
        shape, path = self._expression(node.iter, scope)
        if not isinstance(shape, list):
            self._fault("variable_not_a_list")
            return
        inner = {**scope, node.target.name: (shape[0], f"{path}[]"), "loop": (LOOP, "")}
        self._statements(node.body, inner, depth + 1, loops + 1)
        self._statements(node.else_, scope, depth + 1, loops)

    def _printed(self, node: Any, scope: Scope) -> None:
        shape, _path = self._expression(node, scope)
        if isinstance(shape, list | Mapping | Maybe) or shape == FLAG:
            self._fault("variable_not_printable")

    def _expression(self, node: Any, scope: Scope) -> tuple[Any, str]:
        """The shape and path of an expression (None where it has none), every node of it checked."""
        if isinstance(node, nodes.Name | nodes.Getattr):
            return self._name(node, scope)
        operands = self._operands(node)
        if operands is None:
            self._fault("tag_code")
        for operand in operands or ():
            self._expression(operand, scope)
        return None, ""

    def _operands(self, node: Any) -> list[Any] | None:
        """What an allowed operation works on; None when it is not allowed."""
        found: list[Any] | None = None
        match node:
            case nodes.Const(value=str() | int()):
                found = []
            case nodes.Not():
                found = [node.node]
            case nodes.And() | nodes.Or():
                found = [node.left, node.right]
            case nodes.CondExpr():
                found = [part for part in (node.test, node.expr1, node.expr2) if part is not None]
            case nodes.Compare() if all(operand.op not in ("in", "notin") for operand in node.ops):
                found = [node.expr, *(operand.expr for operand in node.ops)]
            case nodes.Filter() if self._is_plain(node):
                found = [node.node]
        return found

    def _is_plain(self, node: nodes.Filter) -> bool:
        constant = all(isinstance(argument, nodes.Const) for argument in node.args)
        dynamic = node.kwargs or node.dyn_args or node.dyn_kwargs
        return node.name in FILTERS and node.node is not None and constant and not dynamic

    def _name(self, node: Any, scope: Scope) -> tuple[Any, str]:
        names: list[str] = []
        while isinstance(node, nodes.Getattr):
            names.insert(0, node.attr)
            node = node.node
        if not isinstance(node, nodes.Name) or any(name.startswith("_") for name in (node.name, *names)):
            self._fault("tag_code")
            return None, ""
        shape, path = scope.get(node.name, (None, ""))
        for name in names:
            group = shape.shape if isinstance(shape, Maybe) else shape
            shape = group.get(name) if isinstance(group, Mapping) else None
            path = f"{path}.{name}" if path else ""
        if shape is None:
            written = ".".join((node.name, *names))
            self._fault(
                "variable_unknown", f"« {written} »" if PRINTABLE_NAME.match(written) else "d'une balise"
            )
        elif path and not path.endswith("[]"):
            self.fields.add(path)
        return shape, path
