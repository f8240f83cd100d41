"""What works and what does not, one line each, checked for real: ``flask --app app doctor``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Protocol

from connectors import Finding, archives, signature, sources
from domain.errors import Invalid, ParapheError
from domain.french import date_time
from domain.people import ButtonSettings
from store import restore_tests, watches
from store.reseal import key_ids
from workers.runtime import Runtime
from workers.subscriptions import SAFETY_NET, polling


class _Checked(Protocol):
    def check(self) -> tuple[Finding, ...]: ...


def findings(runtime: Runtime) -> list[Finding]:
    parts = (_store, _firm, _templates, _connectors, _people, _watches, _copies)
    return [one for part in parts for one in part(runtime)]


def _store(runtime: Runtime) -> Iterator[Finding]:
    kind = "SQLite" if runtime.database.is_sqlite else "PostgreSQL"
    ready = runtime.database.ready()
    away = "injoignable ou pas à jour ; lancez « flask --app app db upgrade »."
    yield Finding(ready, f"Base de données ({kind}) : {'à jour.' if ready else away}")
    if ready:
        lost = ", ".join(sorted(key_ids(runtime.database) - runtime.database.ring.key_ids))
        gone = f"il manque {lost}, sans quoi des données sont illisibles ; remettez-la dans le trousseau."
        read = "toutes les données de la base sont lisibles (les copies d'archives ne sont pas lues ici)."
        yield Finding(not lost, f"Trousseau : {gone if lost else read}")
    queue = runtime.queue.ready()
    stopped = "injoignable ; vérifiez REDIS_URL. Rien ne se perd, mais rien n'avance."
    yield Finding(queue, f"File d'attente (Redis) : {'joignable.' if queue else stopped}")


def _firm(runtime: Runtime) -> Iterator[Finding]:
    sandbox, example = bool(runtime.settings.core.sandbox_url), runtime.cabinet().is_example
    if sandbox:
        yield Finding(True, "Bac à sable : rien de ce qui est signé n'a de valeur.")
    else:
        yield Finding(True, "Prestataires réels : ce qui part engage le cabinet.")
    whose = "celui de l'exemple ; renseignez les réglages PARAPHE_CABINET_…" if example else "renseigné."
    yield Finding(sandbox or not example, f"Cabinet : {whose}")


def _templates(runtime: Runtime) -> Iterator[Finding]:
    for name in runtime.templates.names():
        try:
            loaded = runtime.templates.load(name)
        except Invalid as refused:
            fault = refused.errors[0].detail if refused.errors else refused.detail
            yield Finding(False, f"Modèle {name} : {fault}")
        else:
            yield Finding(True, f"Modèle {name} : accepté, {len(loaded.mentions)} clauses.")


def _connectors(runtime: Runtime) -> Iterator[Finding]:
    """Those that are set up; what is in use was required at the start."""
    kinds: list[tuple[str, Iterable[str], Callable[[str], _Checked]]] = [
        ("Convertisseur", [runtime.settings.core.converter], lambda _: runtime.converter()),
        ("Source", sources.REGISTRY, runtime.source),
        ("Signature", signature.REGISTRY, runtime.provider),
        ("Archive", archives.REGISTRY, runtime.archive),
    ]
    for kind, known, get in kinds:
        for name in known:
            if name in runtime.settings.sections:
                yield from _checked(f"{kind} {name}", partial(get, name))


def _people(runtime: Runtime) -> Iterator[Finding]:
    """Who may press buttons, and whether the mail that lets them in can leave."""
    section = runtime.settings.section("buttons", ButtonSettings)
    number = len(section.addresses) if section else 0
    listed = f"{number} personnes autorisées" if number > 1 else "une personne autorisée"
    nobody = "personne n'est autorisé (PARAPHE_BUTTONS_PEOPLE est vide) ; aucun bouton ne peut servir"
    yield Finding(True, f"Boutons : {listed if number else nobody}.")
    if number or "mail" in runtime.settings.sections:
        yield from _checked("Courriel", runtime.mailer)


def _copies(runtime: Runtime) -> Iterator[Finding]:
    """Whether what is archived was restored for a try lately. Nothing archived: nothing to say against."""
    if not runtime.database.ready():
        return
    with runtime.database.reading() as session:
        tests = restore_tests.state(session, runtime.now())
    run = "lancez « flask --app app archives restore-test »."
    if not tests.anything_archived:
        yield Finding(True, "Essai de restauration : rien n'est encore archivé.")
    elif tests.last and not tests.last.passed:
        yield Finding(False, f"Essai de restauration : le dernier a échoué ; corrigez, puis {run}")
    elif tests.overdue:
        yield Finding(False, f"Essai de restauration : aucun réussi depuis plus de six mois ; {run}")
    else:
        said = "fait il y a moins de six mois." if tests.last else f"aucun encore ; {run}"
        yield Finding(True, f"Essai de restauration : {said}")


def _watches(runtime: Runtime) -> Iterator[Finding]:
    """Alive: looked at within two of its periods."""
    if not runtime.database.ready():
        return
    now = runtime.now()
    with runtime.database.reading() as session:
        rows = [(row, watches.problem(session, row)) for row in watches.live(session)]
    for row, problem in rows:
        apart = SAFETY_NET if row.outside_id else polling(runtime.settings)
        late = now - (row.looked_at or row.created_at) > 2 * apart
        looked = f"lu {date_time(row.looked_at)}" if row.looked_at else "pas encore lu"
        ends = date_time(row.expires_at).removeprefix("le ") if row.outside_id and row.expires_at else ""
        until = f", rappel jusqu'au {ends}" if ends else ""
        stopped = " ; en retard : vérifiez que clock et worker tournent" if late else ""
        wrong = problem["detail"] if problem else ""
        yield Finding(
            not (late or wrong), f"Déclencheur {row.id} : {looked}{until}{stopped}. {wrong}".strip()
        )


def _checked(subject: str, get: Callable[[], _Checked]) -> Iterator[Finding]:
    try:
        found = get().check()
    except ParapheError as error:
        found = (Finding(False, error.detail),)
    for one in found:
        yield Finding(one.ok, f"{subject} : {one.text}")
