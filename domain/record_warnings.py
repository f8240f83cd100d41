"""What a lawyer should look at before sending (data dictionary 3.10, the rules that do not refuse).

Each warning is a whole French sentence, without any value of the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain import french, pricing
from domain.errors import FieldError
from domain.record import Record
from domain.record_matter import StatutAj
from domain.record_parties import PersonnePhysique
from domain.record_types import ModeConclusion
from domain.thresholds import DEFAULTS, Thresholds

#: below this share of the expected fee for the result, the fee for the work is symbolic (R-HR-01)
SYMBOLIC = Decimal("0.10")


def warnings(record: Record, today: date, thresholds: Thresholds = DEFAULTS) -> tuple[FieldError, ...]:
    """They stop nothing: they go along with the convention, for the lawyer to acknowledge."""
    rate = thresholds.result_rate_warning
    found = (_result(record, rate), _money(record), _aid(record), _gates(record), _people(record, today))
    return tuple(one for group in found for one in group)


def _result(record: Record, unusual: Decimal) -> Iterator[FieldError]:
    """R-HR-01 and R-HR-02; above ``unusual`` per cent a rate is looked at twice (3.8)."""
    terms = record.honoraires.resultat
    if terms is None:
        return
    rates = [terms.taux or Decimal(0), *(one.taux for one in terms.tranches)]
    if max(rates) > unusual:
        yield FieldError(
            "honoraires.resultat",
            "result_rate_unusual",
            f"Le taux de l'honoraire de résultat dépasse {french.percent(unusual)} : "
            "vérifiez qu'il est modéré.",
        )
    work, success = pricing.estimate(record), pricing.success(record)
    expected = record.contentieux is not None and record.contentieux.montant_en_jeu is not None
    if expected and work and success and work.ht < success.gross.ht * SYMBOLIC:
        yield FieldError(
            "honoraires.type",
            "base_symbolic",
            "L'honoraire de diligences est inférieur à 10 % de l'honoraire de résultat attendu : "
            "il ne doit pas être symbolique (loi du 31 décembre 1971, art. 10).",
        )


def _money(record: Record) -> Iterator[FieldError]:
    """R-MNT-02 and R-MNT-03."""
    total = pricing.estimate(record)
    if record.provision and total:
        asked = pricing.line(record.provision.ht, record.tva.taux).ttc
        if asked >= total.ttc:
            yield FieldError(
                "provision.ht",
                "provision_high",
                "La provision atteint ou dépasse le total estimé : baissez-la, ou soyez prêt à la justifier.",
            )
    hourly = record.honoraires.horaire
    if hourly and hourly.seuil_alerte_ht and total and hourly.seuil_alerte_ht > total.ht:
        yield FieldError(
            "honoraires.horaire.seuil_alerte_ht",
            "alert_over_budget",
            "Le seuil d'alerte est au-dessus du budget estimé : le client serait prévenu trop tard.",
        )


def _aid(record: Record) -> Iterator[FieldError]:
    """R-AJ-03."""
    if record.aj.statut is StatutAj.DEMANDEE:
        yield FieldError(
            "aj.statut",
            "legal_aid_pending",
            "L'aide juridictionnelle est demandée : attendez la décision, "
            "ou utilisez la clause conditionnelle.",
        )
    if record.aj.statut is StatutAj.PARTIELLE:
        yield FieldError(
            "aj.statut",
            "legal_aid_notice",
            "La convention doit être communiquée au bâtonnier dans les quinze jours de la signature, "
            "à peine de nullité (loi 91-647, art. 35).",
        )


def _gates(record: Record) -> Iterator[FieldError]:
    """R-RET-02 and R-RET-03: what has to wait once it is signed."""
    if not record.right_of_withdrawal():
        return
    if not record.conclusion.debut_immediat:
        yield FieldError(
            "conclusion.debut_immediat",
            "wait_for_withdrawal",
            "Le client peut se rétracter et n'a pas demandé un début immédiat : "
            "ne commencez pas la mission avant la fin du délai de quatorze jours.",
        )
    if record.conclusion.mode is ModeConclusion.HORS_ETABLISSEMENT:
        yield FieldError(
            "conclusion.mode",
            "no_payment_yet",
            "La convention est conclue hors établissement : ne recevez aucun paiement avant sept jours "
            "pleins (code de la consommation, L. 221-10).",
        )


def _people(record: Record, today: date) -> Iterator[FieldError]:
    """R-08, R-SIG-02, and dates of payment that are past when the convention is made."""
    if sum(isinstance(client, PersonnePhysique) for client in record.clients) > 1:
        yield FieldError(
            "co_contractants",
            "several_clients",
            "Plusieurs personnes partagent cet avocat : vérifiez que leurs intérêts ne s'opposent pas.",
        )
    if record.garants:
        yield FieldError(
            "garants",
            "surety_mention",
            "Un garant s'engage : la loi veut qu'il appose lui-même la mention de son engagement, à peine de "
            "nullité (code civil, 2297) ; ici elle est imprimée et il la signe : vérifiez que cela suffit, "
            "ou faites-lui écrire un acte séparé.",
        )
    for rank, payment in enumerate(record.paiement.echeances):
        if payment.date is not None and payment.date < today:
            yield FieldError(
                f"paiement.echeances.{rank}",
                "payment_past",
                "Une échéance est déjà passée : vérifiez sa date.",
            )
