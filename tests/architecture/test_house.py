"""The rules of the house that import-linter cannot see."""

from __future__ import annotations

import ast
import re

import pytest

from connectors.loading import REGISTRIES
from domain.steps import STOPPING, StepKind
from logs import FIELDS
from tests.architecture.sources import MODULES, ROOT, chain, hub, imports, tracked, tree
from workers.steps import STEPS

#: single modules -> who may import them: import-linter only knows packages
_MODULE_USERS = {
    "app": (),
    "settings": ("app.py", "commands/", "handlers/", "rehearsal/", "workers/"),
    "setting_checks": ("settings.py",),
    "logs": (
        "app.py",
        "commands/",
        "handlers/",
        "rehearsal/",
        "workers/",
    ),
}
#: longer than 300 lines, and why; none of them may grow past its own limit
_LONG_FILES = {
    "settings.py": (480, "one list of every setting, and how it is read: the house keeps it in one file"),
    "store/models/conventions.py": (330, "every table at one glance"),
    "bin/demo.py": (360, "the demo reads from top to bottom as one story"),
    "store/migrations/versions/0001_the_first_tables.py": (400, "written by the migration tool"),
}
_LONGEST_FILE, _LONGEST_TEST, _LONGEST_FUNCTION = 300, 420, 40
_EVENT = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
#: what may be told beside the event
_ALSO_GIVEN = {"exc_info", "extra"}


def test_there_is_something_to_look_at() -> None:
    assert len(hub()) > 80
    assert set(MODULES) <= set(tracked())


@pytest.mark.parametrize("module", _MODULE_USERS)
def test_a_single_module_is_imported_by_its_users_alone(module: str) -> None:
    users = [name for name in hub() if module in imports(name)]
    strangers = [name for name in users if not name.startswith(_MODULE_USERS[module])]
    assert strangers == []


def test_the_environment_is_read_in_the_settings_alone() -> None:
    readers = set()
    for name in (*hub(), *(one for one in tracked() if one.startswith("sandbox/"))):
        for node in ast.walk(tree(name)):
            if chain(node) in {"os.environ", "os.getenv", "os.environb", "environ.get"}:
                readers.add((name, chain(node)))
            if isinstance(node, ast.ImportFrom) and node.module == "os":
                assert not {alias.name for alias in node.names} & {"environ", "getenv"}, name
    web = {one for one in readers if one[0].startswith("sandbox/") and one[1] == "environ.get"}  # WSGI's own
    assert readers - web == {("settings.py", "os.environ")}


def test_the_rules_know_no_clock() -> None:
    clocks = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "time.monotonic"}
    asking = {
        name
        for name in hub()
        if name.startswith(("domain/", "store/", "documents/"))
        for node in ast.walk(tree(name))
        if chain(node) in clocks
    }
    assert asking == set()


def test_connectors_are_named_in_their_own_files_and_in_the_settings_alone() -> None:
    generic = {"inline", "folder"}
    known = "|".join(sorted({n for registry in REGISTRIES for n in registry} - generic))
    names = re.compile(rf"(?<![a-z0-9])({known})(?![a-z0-9])", re.IGNORECASE)  # S311 is a linter's rule
    elsewhere = [name for name in hub() if not name.startswith("connectors/") and name != "settings.py"]
    pages = [str(path.relative_to(ROOT)) for path in (ROOT / "templates/pages").glob("*.html")]
    said = {
        f"{name}:{number}"
        for name in [*elsewhere, *pages]
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1)
        if names.search(line) and "n8n ou Airtable" not in line  # Airtable's buttons, a caller
    }
    assert said == set()


def test_files_stay_short() -> None:
    long = {}
    for name in tracked():
        limit, _why = _LONG_FILES.get(
            name, (_LONGEST_TEST if name.startswith("tests/") else _LONGEST_FILE, "")
        )
        lines = len((ROOT / name).read_text(encoding="utf-8").splitlines())
        if lines > limit:
            long[name] = lines
    assert long == {}


def test_functions_stay_short() -> None:
    long = {
        f"{name}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name in hub()
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > _LONGEST_FUNCTION
    }
    assert long == {}


def test_every_kind_of_step_has_a_function_and_no_function_is_without_a_kind() -> None:
    assert set(STEPS) == set(StepKind)
    assert len(set(STEPS.values())) == len(StepKind)
    assert set(StepKind) >= STOPPING


def test_what_is_queued_is_what_the_worker_runs() -> None:
    """The queue names its function in a text; that text must lead somewhere."""
    queued = {
        node.value
        for node in ast.walk(tree("workers/queue.py"))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("workers.")
    }
    assert queued == {"workers.job.run"}
    run = next(n for n in tree("workers/job.py").body if isinstance(n, ast.FunctionDef) and n.name == "run")
    assert [argument.arg for argument in run.args.args] == ["step_id"]


def test_a_log_line_is_a_constant_event_with_fields_of_the_list() -> None:
    """Whatever varies in a line stands in a field that may be logged: nothing else can leak."""
    wrong, seen = [], 0
    for name in hub():
        for node in ast.walk(tree(name)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if chain(node.func.value) not in {"_log", "log"}:
                continue
            seen += 1
            event = node.args[0] if len(node.args) == 1 else None
            constant = isinstance(event, ast.Constant) and _EVENT.fullmatch(str(event.value))
            if not constant or {word.arg for word in node.keywords} - _ALSO_GIVEN:
                wrong.append(f"{name}:{node.lineno}")
            wrong += [f"{name}:{node.lineno} {field}" for field in _literal_fields(node) - FIELDS]
    assert seen > 15
    assert wrong == []


def _literal_fields(call: ast.Call) -> set[str]:
    return {
        str(key.value)
        for word in call.keywords
        if word.arg == "extra"
        for node in ast.walk(word.value)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
