"""What ``archives status`` and ``archives restore-test`` say: for people in French, for programs in JSON.
Nothing personal beyond the file number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from domain.copies import COPIES, MEDIA, Holding, Standing, Verdict
from domain.french import long_date
from domain.naming import PARIS
from store.restore_tests import RestoreState
from workers.restoring import Report

_SAID = {
    Standing.COMPLETE: "relue le {date}",
    Standing.FILING: "classement en cours",
    Standing.STUCK: "classement abandonné",
    Standing.MISSING: "fichier manquant ou changé, à refaire",
    Standing.LOST: "fichier perdu",
    Standing.NOT_SET_UP: "archive qui n'est plus réglée, non comptée",
}
_VERIFY_ALL = "flask --app app archives verify --all"
_FILL = "puis flask --app app archives fill"
#: the gravest first
_TO_DO = {
    Standing.LOST: "un fichier manque ou a changé, et il n'en reste aucune bonne copie : restaurez-le depuis "
    f"une sauvegarde dans son archive, puis {_VERIFY_ALL}.",
    Standing.MISSING: "un fichier manque ou a changé : il se refait seul à la prochaine relecture ; pour "
    f"maintenant : {_VERIFY_ALL}.",
    Standing.STUCK: "un classement a été abandonné : voyez « problem » de la convention, corrigez la cause, "
    "puis relancez-la (POST /v1/conventions/<id>/retry).",
    Standing.FILING: "un classement est en cours et se poursuit seul ; vérifiez qu'un worker et l'horloge "
    "tournent.",
    Standing.NOT_SET_UP: "une archive qui détient des copies n'est plus réglée : remettez ses réglages, sans "
    "quoi ses copies ne sont ni relues ni comptées.",
}
_TOO_FEW = f"moins de {COPIES} copies : ajoutez une archive à PARAPHE_ARCHIVES, {_FILL}."
_ONE_MEDIUM = (
    f"moins de {MEDIA} sortes de support : ajoutez une archive d'une autre sorte (dossier, suite "
    f"bureautique, stockage d'objets), {_FILL}."
)
_ON_SITE = f"aucune copie hors site : ajoutez une archive hors des murs, {_FILL}."
_LATE = (
    "des copies n'ont pas été relues depuis longtemps : augmentez PARAPHE_COPIES_SAMPLE, ou lancez "
    f"{_VERIFY_ALL}."
)
_RANKED = (*_TO_DO.values(), _TOO_FEW, _ONE_MEDIUM, _ON_SITE, _LATE)
_RUN = "lancez flask --app app archives restore-test."


def lines(found: list[Verdict], tests: RestoreState, late: datetime) -> Iterator[str]:
    """``late``: a copy read before that was not read for too long."""
    for one in found:
        copies = ", ".join(f"{h.archive} ({_said(h)})" for h in one.holdings)
        site = "une hors site" if one.off_site else "aucune hors site"
        yield (
            f"{'✓' if one.holds else '✗'} {one.filing.dossier} : {_many(len(one.good), 'copie')}, "
            f"{_many(one.media, 'sorte')} de support, {site} : {copies or 'aucune archive'}"
        )
    holding = sum(one.holds for one in found)
    yield f"Total : la règle 3-2-1 tient pour {holding} sur {_many(len(found), 'convention')}."
    yield _test_line(tests)
    to_do = _to_do(found, late)
    if to_do:
        yield "À faire :"
        yield from (f"- {_many(number, 'convention')} : {what}" for what, number in to_do.items())


def data(found: list[Verdict], tests: RestoreState, late: datetime) -> dict[str, Any]:
    """The same, for ``--json``."""
    last: dict[str, Any] = {}
    if tests.last:
        last = {"last": tests.last.at.isoformat(), "passed": tests.last.passed}
        last |= {"files": tests.last.files, "good": tests.last.good}
    return {
        "conventions": [_datum(one) for one in found],
        "total": {"conventions": len(found), "holding": sum(one.holds for one in found)},
        "to_do": [{"conventions": number, "what": what} for what, number in _to_do(found, late).items()],
        "restore_test": {"overdue": tests.overdue, **last},
    }


def restored(report: Report) -> Iterator[str]:
    for name in report.not_set_up:
        yield f"✗ {name} : archive qui n'est plus réglée, pas essayée ; remettez ses réglages, puis relancez."
    if report.nothing:
        yield "Rien à restaurer : aucune convention n'est encore classée dans une archive."
        return
    for fault in report.faults:
        yield f"✗ {fault.archive}, {fault.dossier}, {fault.file} : {fault.code}"
    ending = "Réussi" if report.passed else "Échoué"
    yield (
        f"{ending} : {report.good} fichiers bons sur {report.files}, {report.sample} restaurations depuis "
        f"{', '.join(report.archives) or 'aucune archive'}, en {report.seconds:.0f} s. Le résultat est gardé."
    )


def _to_do(found: list[Verdict], late: datetime) -> dict[str, int]:
    """What to do -> for how many conventions. What is short of 3-2-1 is said once nothing graver is; what
    stands in an archive that is not set up any more comes back by no waiting, so it hides nothing."""
    wanted: Counter[str] = Counter()
    for one in found:
        standings = {h.standing for h in one.holdings if h.standing in _TO_DO}
        graver = [_TO_DO[standing] for standing in standings - {Standing.NOT_SET_UP}]
        short = {
            _TOO_FEW: len(one.good) < COPIES,
            _ONE_MEDIUM: one.media < MEDIA,
            _ON_SITE: not one.off_site,
        }
        wanted.update(graver or [what for what, wrong in short.items() if wrong])
        wanted.update([_TO_DO[Standing.NOT_SET_UP]] if Standing.NOT_SET_UP in standings else [])
        wanted.update([_LATE] if one.verified_at and one.verified_at < late else [])
    return {what: wanted[what] for what in _RANKED if wanted[what]}


def _said(holding: Holding) -> str:
    seen = holding.verified_at
    return _SAID[holding.standing].format(date=_day(seen) if seen else "")


def _test_line(tests: RestoreState) -> str:
    if not tests.anything_archived:
        return "Essai de restauration : rien n'est encore archivé."
    if tests.last is None:
        late = ", alors que des conventions sont archivées depuis plus de six mois" if tests.overdue else ""
        return f"Essai de restauration : aucun encore{late} ; {_RUN}"
    result = "a réussi"
    if not tests.last.passed:
        apart = "des copies sont dans une archive qui n'est plus réglée"
        bad = f"{tests.last.good} fichiers bons sur {tests.last.files}"
        result = f"a échoué ({apart if tests.last.good == tests.last.files else bad})"
    late = f" ; aucun n'a réussi depuis six mois : {_RUN}" if tests.overdue else "."
    return f"Essai de restauration : le dernier, du {_day(tests.last.at)}, {result}{late}"


def _datum(one: Verdict) -> dict[str, Any]:
    return {
        "id": one.filing.id,
        "dossier": one.filing.dossier,
        "holds": one.holds,
        "copies": len(one.good),
        "media": one.media,
        "off_site": one.off_site,
        "files": {kind: one.of_kind(kind) for kind in sorted(one.filing.kinds)},
        "archives": [
            {
                "archive": h.archive,
                "standing": h.standing.value,
                "files": h.files,
                **({"medium": h.place.medium, "off_site": h.place.off_site} if h.place else {}),
                **({"verified_at": h.verified_at.isoformat()} if h.verified_at else {}),
            }
            for h in one.holdings
        ],
    }


def _day(moment: datetime) -> str:
    return long_date(moment.astimezone(PARIS).date())


def _many(number: int, name: str) -> str:
    return f"{number} {name}{'s' if number > 1 else ''}"
