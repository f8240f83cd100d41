"""What a signature provider sells and allows: requests are checked against it before anything is sent, and
the table in the documentation is written from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.errors import Refused
from domain.signature import Authentication, Level, SigningOrder

LEVELS = {Level.SIMPLE: "simple", Level.ADVANCED: "avancée", Level.QUALIFIED: "qualifiée"}
AUTHENTICATIONS = {
    Authentication.NONE: "lien seul",
    Authentication.EMAIL_CODE: "code par courriel",
    Authentication.SMS_CODE: "code par SMS",
    Authentication.IDENTITY: "vérification d'identité",
}


@dataclass(frozen=True)
class Capabilities:
    """``checks`` gives, for each level sold, how its signers may be checked, the usual way first.
    ``longest_days`` is the longest expiry, ``hosting`` and ``processing_agreement`` are French, for people;
    ``remarks`` hold what is not confirmed by a published source."""

    checks: Mapping[Level, tuple[Authentication, ...]]
    reminds_one_signer: bool
    proof_formats: tuple[str, ...]
    max_megabytes: int
    max_pages: int | None
    max_signers: int | None
    longest_days: int
    hosting: str
    processing_agreement: str
    remarks: tuple[str, ...] = ()
    minutes_between_reminders: int = 0
    #: what its proof says for certain, and so is held against what was sent
    proof_names_signers: bool = True
    proof_states_hash: bool = False

    def check_for(self, level: Level, wanted: Authentication) -> Authentication:
        """How a signer is checked at ``level``: as wanted when that is sold; above the simple level the
        provider's usual way otherwise, which is never weaker. A code by e-mail proves no more than the link,
        which came by e-mail too: where there is none, the link does. What is not sold at all is refused
        later."""
        offered = self.checks.get(level, ())
        if wanted is Authentication.EMAIL_CODE and wanted not in offered and Authentication.NONE in offered:
            return Authentication.NONE
        return wanted if wanted in offered or level is Level.SIMPLE or not offered else offered[0]

    def require(self, label: str, order: SigningOrder, today: date) -> None:
        """Raises Refused ``capability_missing`` that says what the provider cannot do and what it can."""
        if problem := self._problem(order, today):
            raise Refused("capability_missing", f"{label} ne peut pas recevoir cette convention : {problem}")

    def _problem(self, order: SigningOrder, today: date) -> str | None:
        megabytes = len(order.pdf) / 1_000_000
        for signer in order.signers:
            if signer.authentication not in self.checks.get(order.level, ()):
                return (
                    f"il ne propose pas la signature {LEVELS[order.level]} avec "
                    f"{AUTHENTICATIONS[signer.authentication]} ; choisissez parmi : {self.offered()}."
                )
        if self.max_signers and len(order.signers) > self.max_signers:
            return f"il accepte au plus {self.max_signers} signataires."
        if megabytes > self.max_megabytes:
            return f"le document dépasse {self.max_megabytes} Mo ; allégez le modèle."
        if self.max_pages and order.pages > self.max_pages:
            return f"le document dépasse {self.max_pages} pages ; raccourcissez le modèle."
        if (order.expires_on - today).days > self.longest_days:
            return f"le délai de signature dépasse {self.longest_days} jours ; réduisez-le."
        return None

    def offered(self) -> str:
        """Every level with its checks, in French."""
        return ", ".join(
            f"{LEVELS[level]} ({' ou '.join(AUTHENTICATIONS[one] for one in checks)})"
            for level, checks in self.checks.items()
        )
