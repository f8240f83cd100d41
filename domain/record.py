"""The record: everything one fee agreement is made from, typed, checked, immutable.

Made by ``domain.normalise`` from what a firm's table holds; stored as JSON and read back with
``Record.model_validate_json``. Field ids are the dotted paths (``client.email``): never rename one, add
an alias in ``domain/aliases.py`` instead. Every field says why it is held (``Purpose``).
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated

from pydantic import Field

from domain.phone import is_mobile
from domain.record_fees import Honoraires
from domain.record_matter import Aj, Contentieux, Lcbft, Matter, Pj
from domain.record_parties import Avocat, Client, Garant, PersonneMorale, PersonnePhysique
from domain.record_terms import (
    Conclusion,
    Debours,
    Dossier,
    Mission,
    Paiement,
    Preferences,
    Provision,
    Tva,
)
from domain.record_types import (
    MAX_CO_CONTRACTANTS,
    MAX_GARANTS,
    MAX_ITEMS,
    REMOTE,
    ModeConclusion,
    Purpose,
    Qualite,
    Section,
    about,
)
from domain.signature import Authentication, Signer

P1, P2, P4 = Purpose.CONTRACT, Purpose.LEGAL, Purpose.SIGNING


#: whoever signs
Party = PersonnePhysique | PersonneMorale | Garant | Avocat


class Record(Section):
    dossier: Annotated[Dossier, about("Dossier", P1)]
    client: Annotated[Client, about("Client", P1)]
    co_contractants: Annotated[
        tuple[Client, ...], about("Co-client", P1, max_length=MAX_CO_CONTRACTANTS)
    ] = ()
    garants: Annotated[tuple[Garant, ...], about("Garant", P1, max_length=MAX_GARANTS)] = ()
    avocat: Annotated[Avocat, about("Avocat", P1)]
    matter: Annotated[Matter, about("Affaire", P1), Field(default_factory=Matter)]
    mission: Annotated[Mission, about("Mission", P1)]
    contentieux: Annotated[Contentieux | None, about("Contentieux", P1)] = None
    honoraires: Annotated[Honoraires, about("Honoraires", P2)]
    tva: Annotated[Tva, about("TVA", P2)]
    # An empty list is a choice, printed as such: the law wants foreseen costs told (loi 71-1130, art. 10).
    debours: Annotated[tuple[Debours, ...], about("Débours", P2, max_length=MAX_ITEMS)]
    provision: Annotated[Provision | None, about("Provision", P2)] = None
    paiement: Annotated[Paiement, about("Paiement", P1)]
    aj: Annotated[Aj, about("Aide juridictionnelle", P2), Field(default_factory=Aj)]
    pj: Annotated[Pj | None, about("Protection juridique", P1)] = None
    lcbft: Annotated[Lcbft, about("Lutte contre le blanchiment", P2), Field(default_factory=Lcbft)]
    conclusion: Annotated[Conclusion, about("Conclusion", P2)]
    signature: Annotated[Preferences, about("Signature", P4), Field(default_factory=Preferences)]

    @property
    def clients(self) -> tuple[PersonnePhysique | PersonneMorale, ...]:
        return (self.client, *self.co_contractants)

    def signers(self, default: Authentication = Authentication.SMS_CODE) -> tuple[Signer, ...]:
        """Clients in order, guarantors, the lawyer last: the firm then knows the date of conclusion (5.2).

        ``default`` is how a signer is checked when the record does not say.
        """
        parties: list[Party] = [*self.clients, *self.garants, self.avocat]
        shared = _shared_phones([party.telephone for party in parties])
        return tuple(
            _signer(f"s{rank}", party, self._authentication(party, default, shared))
            for rank, party in enumerate(parties, start=1)
        )

    def printed_names(self) -> tuple[str, ...]:
        """What the PDF must hold: the file number, then each client's name as printed."""
        return (self.dossier.numero, *(client.printed_name for client in self.clients))

    def filing_name(self) -> str:
        """``{client}`` of the archive path: a person's surname, a company's denomination."""
        return self.client.filing_name

    def right_of_withdrawal(self) -> bool:
        """RETRACT: a protected client at a distance or off-premises (code de la consommation, L. 221-18)."""
        mode = self.conclusion.mode
        return any(
            (is_consumer(client) and (mode in REMOTE or mode == ModeConclusion.HORS_ETABLISSEMENT))
            or (is_small_professional(client) and mode == ModeConclusion.HORS_ETABLISSEMENT)
            for client in self.clients
        )

    def _authentication(
        self,
        party: Party,
        default: Authentication,
        shared: frozenset[str],
    ) -> Authentication:
        """A code by SMS only reaches a mobile that is this signer's alone (R-06): else it goes by e-mail.

        What the record asks of its clients was checked with their numbers by ``domain.record_rules``.
        """
        asked = self.signature.authentification or default
        unreachable = not is_mobile(party.telephone) or party.telephone in shared
        if asked is Authentication.SMS_CODE and unreachable:
            return Authentication.EMAIL_CODE
        return asked


def is_consumer(client: PersonnePhysique | PersonneMorale) -> bool:
    return client.qualite == Qualite.CONSOMMATEUR


def is_small_professional(client: PersonnePhysique | PersonneMorale) -> bool:
    """Protected off-premises like a consumer (code de la consommation, L. 221-3)."""
    return (
        isinstance(client, PersonnePhysique)
        and client.qualite == Qualite.PROFESSIONNEL
        and client.effectif_5_ou_moins
        and client.objet_hors_activite_principale
    )


def fingerprint(record: Record) -> str:
    """SHA-256 (hex) over the canonical JSON of the record: the same content gives the same value."""
    canonical = json.dumps(
        record.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _shared_phones(phones: list[str | None]) -> frozenset[str]:
    return frozenset(phone for phone in phones if phone is not None and phones.count(phone) > 1)


def _signer(key: str, party: Party, authentication: Authentication) -> Signer:
    person = party.representant if isinstance(party, PersonneMorale) else party
    roles = {PersonneMorale: "representant_legal", Garant: "garant", Avocat: "avocat"}
    role = roles.get(type(party), "client")
    if role == "client" and key != "s1":
        role = "co_contractant"
    return Signer(
        key=key,
        role=role,
        first_name=person.prenoms,
        last_name=person.nom,
        email=party.email,
        phone=party.telephone,
        authentication=authentication,
    )
