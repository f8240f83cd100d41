"""The firm's own settings: what its agreements print about it (data dictionary 3.3).

Read from ``PARAPHE_CABINET_*``. With nothing set, a firm that does not exist stands here, so that the
demonstration runs: ``is_example`` then says so, and the pages and doctor warn.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from stdnum.fr import siren as siren_number

from domain.french import HARD
from domain.record_types import RegimeTva

SANDBOX = "(bac à sable)"


class Cabinet(BaseModel):
    """One firm. Every text is printed as it stands; an empty one is simply not printed."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, str_max_length=400)

    denomination: str = Field(
        default=f"Cabinet Exemple {SANDBOX}", description="dénomination du cabinet", min_length=1
    )
    forme: str = Field(
        default="AARPI", description="forme d'exercice (individuel, AARPI, SCP, SELARL, SELAS...)"
    )
    siren: str = Field(default="000000000", description="SIREN du cabinet, neuf chiffres")
    tva_intracom: str = Field(
        default="FR12000000000", description="numéro de TVA intracommunautaire ; vide s'il n'y en a pas"
    )
    tva_regime: RegimeTva = Field(
        default=RegimeTva.ASSUJETTI,
        description="régime de TVA : assujetti, ou franchise_293B (article 293 B du CGI)",
    )
    tva_taux: Decimal = Field(
        default=Decimal("20"),
        description="taux de TVA en % quand la fiche n'en dit rien",
        ge=0,
        le=100,
    )
    adresse: str = Field(
        default="1 rue de l'Exemple, 75001 Paris", description="adresse postale, sur une ligne", min_length=1
    )
    ville: str = Field(default="Paris", description="ville où les conventions sont faites", min_length=1)
    telephone: str = Field(default="01 99 00 00 00", description="téléphone du cabinet")
    email: str = Field(
        default="contact@cabinet-exemple.example", description="e-mail du cabinet", min_length=3
    )
    site: str = Field(
        default="https://cabinet-exemple.example", description="site internet ; vide s'il n'y en a pas"
    )
    barreau: str = Field(
        default="Paris", description="barreau d'inscription (le nom de la ville)", min_length=1
    )
    batonnier_adresse: str = Field(
        default="Ordre des avocats, 1 place de l'Exemple, 75001 Paris",
        description="adresse du bâtonnier, pour les contestations d'honoraires",
        min_length=1,
    )
    rcp_assureur: str = Field(
        default="Assureur Exemple", description="assureur de responsabilité professionnelle"
    )
    rcp_police: str = Field(
        default="0000000", description="numéro de police de responsabilité professionnelle"
    )
    rcp_couverture: str = Field(
        default="France et Union européenne", description="zone couverte par l'assurance"
    )
    mediateur_nom: str = Field(
        default=f"Médiateur Exemple {SANDBOX}", description="médiateur de la consommation : nom", min_length=1
    )
    mediateur_adresse: str = Field(
        default="2 rue de l'Exemple, 75001 Paris",
        description="médiateur de la consommation : adresse",
        min_length=1,
    )
    mediateur_url: str = Field(
        default="https://mediateur.example", description="médiateur de la consommation : site", min_length=1
    )
    rgpd_contact: str = Field(
        default="rgpd@cabinet-exemple.example",
        description="à qui s'adresser pour ses données personnelles",
        min_length=1,
    )
    reclamation_contact: str = Field(
        default="reclamation@cabinet-exemple.example",
        description="à qui adresser une réclamation écrite",
        min_length=1,
    )
    retractation_url: str = Field(
        default="",
        description="page https où un consommateur se rétracte en ligne, imprimée quand la convention est "
        "conclue par une interface en ligne (code de la consommation, L. 221-21)",
    )
    moyens_paiement: str = Field(
        default="virement", description="moyens de paiement acceptés quand la fiche n'en dit rien"
    )

    @field_validator("*", mode="after")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        """A setting is printed in a template: neither template code nor what nobody can see."""
        if isinstance(value, str):
            if any(mark in value for mark in ("{{", "}}", "{%", "%}", "{#", "#}")):
                raise ValueError("contient des accolades de modèle ; retirez-les")
            if any(unicodedata.category(char)[0] == "C" for char in value):
                raise ValueError("contient un caractère invisible ou un saut de ligne ; retapez la valeur")
            return unicodedata.normalize("NFC", value)
        return value

    @field_validator("siren")
    @classmethod
    def _siren(cls, value: str) -> str:
        digits = "".join(value.split())
        if not siren_number.is_valid(digits):
            raise ValueError("n'est pas un SIREN valide ; recopiez les neuf chiffres du Kbis ou de l'Insee")
        return digits

    @field_validator("retractation_url")
    @classmethod
    def _page(cls, value: str) -> str:
        """A client reads it on paper and types it: an address, and nothing that hides another."""
        if not value:
            return value
        try:
            parts = urlsplit(value)
            plain = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        except ValueError:
            plain = False
        if not plain or parts.scheme != "https" or " " in value:
            raise ValueError("attendu : https://… (la page de rétractation du cabinet)")
        return value

    @model_validator(mode="after")
    def _tva(self) -> Cabinet:
        """R-04: the key is (12 + 3 x (SIREN mod 97)) mod 97."""
        number = "".join(self.tva_intracom.split()).upper()
        key = (12 + 3 * (int(self.siren) % 97)) % 97
        if number and number != f"FR{key:02d}{self.siren}":
            raise ValueError(
                "le numéro de TVA intracommunautaire ne correspond pas au SIREN ; vérifiez les deux"
            )
        return self

    @property
    def rcp(self) -> str:
        """Insurer, policy and cover in one line."""
        police = f"police n°{HARD}{self.rcp_police}" if self.rcp_police else ""
        cover = f"couverture{HARD}: {self.rcp_couverture}" if self.rcp_couverture else ""
        return ", ".join(part for part in (self.rcp_assureur, police, cover) if part)

    def example_fields(self) -> tuple[str, ...]:
        """The settings that still hold the example firm's own value, and must not in a real agreement."""
        return tuple(name for name in IDENTITY if getattr(self, name) == getattr(EXAMPLE, name))

    @property
    def is_example(self) -> bool:
        return bool(self.example_fields())

    def record_defaults(self) -> dict[str, Any]:
        """What a record that does not say takes from the firm: to give to ``domain.normalise``."""
        franchise = self.tva_regime == RegimeTva.FRANCHISE
        return {
            "tva.regime": self.tva_regime.value,
            "tva.taux": "0" if franchise else f"{self.tva_taux} %",
            "paiement.moyens": self.moyens_paiement,
        }


#: the settings that identify a firm, its insurer, its ordre and its mediator
IDENTITY = (
    "denomination",
    "siren",
    "tva_intracom",
    "adresse",
    "telephone",
    "email",
    "site",
    "batonnier_adresse",
    "rcp_assureur",
    "rcp_police",
    "mediateur_nom",
    "mediateur_adresse",
    "mediateur_url",
    "rgpd_contact",
    "reclamation_contact",
)
EXAMPLE = Cabinet()
