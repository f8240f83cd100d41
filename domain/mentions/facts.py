"""What the rules ask of a record, named once (domain reference 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.mentions.law import LAW
from domain.record import Record, is_consumer, is_small_professional
from domain.record_matter import Famille, StatutAj
from domain.record_parties import PersonneMorale, PersonnePhysique
from domain.record_types import ModeConclusion, Qualite


@dataclass(frozen=True)
class Facts:
    """One convention, on ``today`` (a day in the firm's time zone). With several clients, the most protected
    one decides. Every convention goes through a signature provider: the channel is always electronic.
    ``court_dues``: the matter owes statutory sums to come before its court.
    """

    record: Record
    today: date
    court_dues: bool = False

    @property
    def consumer(self) -> bool:
        """CONSO."""
        return any(is_consumer(client) for client in self.record.clients)

    @property
    def non_professional(self) -> bool:
        return any(client.qualite == Qualite.NON_PROFESSIONNEL for client in self.record.clients)

    @property
    def off_premises(self) -> bool:
        """HE."""
        return self.record.conclusion.mode is ModeConclusion.HORS_ETABLISSEMENT

    @property
    def at_a_distance(self) -> bool:
        """DIST: also after a meeting at the firm's, by caution (1.5)."""
        return self.record.conclusion.mode in (ModeConclusion.DISTANCE, ModeConclusion.MIXTE)

    @property
    def small_professional(self) -> bool:
        """Five employees or fewer, outside his trade, off-premises (code de la consommation, L. 221-3)."""
        return self.off_premises and any(is_small_professional(client) for client in self.record.clients)

    @property
    def protected(self) -> bool:
        """PROTEGE."""
        return self.consumer or self.small_professional

    @property
    def withdrawal(self) -> bool:
        """RETRACT."""
        return self.record.right_of_withdrawal()

    @property
    def early_start(self) -> bool:
        return self.withdrawal and self.record.conclusion.debut_immediat

    @property
    def online_withdrawal(self) -> bool:
        """The online function is due (code de la consommation, L. 221-21, D. 221-5)."""
        online = self.at_a_distance and self.record.conclusion.interface_en_ligne
        return self.withdrawal and online and LAW.in_force("retractation_en_ligne", self.today)

    @property
    def company(self) -> bool:
        return any(isinstance(client, PersonneMorale) for client in self.record.clients)

    @property
    def natural_person(self) -> bool:
        return any(isinstance(client, PersonnePhysique) for client in self.record.clients)

    @property
    def flat(self) -> bool:
        return not self.record.honoraires.type.hourly

    @property
    def hourly(self) -> bool:
        return self.record.honoraires.type.hourly

    @property
    def for_result(self) -> bool:
        return self.record.honoraires.type.for_result

    @property
    def litigation(self) -> bool:
        """Said so, or before a court."""
        said, before = self.record.matter.family, self.record.contentieux
        return said is Famille.CONTENTIEUX or (said is None and bool(before and before.juridiction))

    @property
    def advice(self) -> bool:
        return self.record.matter.family is Famille.CONSEIL

    @property
    def partial_aid(self) -> bool:
        return self.record.aj.statut is StatutAj.PARTIELLE

    @property
    def full_aid(self) -> bool:
        return self.record.aj.statut is StatutAj.TOTALE

    @property
    def insured(self) -> bool:
        """An insurer pays, or the client was asked whether one does."""
        return self.record.pj is not None and (self.record.pj.interroge or self.record.pj.active)

    @property
    def insurer_pays(self) -> bool:
        return self.record.pj is not None and self.record.pj.active
