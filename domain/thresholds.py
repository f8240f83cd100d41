"""What the firm settles of the rules that advise and warn (domain reference 6.3 and 3.8).

Read from ``PARAPHE_THRESHOLDS_*``. Amounts are euros TTC, rates are per cent.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

Amount = Annotated[Decimal, Field(ge=0, le=Decimal("1e9"))]
Rate = Annotated[Decimal, Field(ge=0, le=100)]


class Thresholds(BaseModel):
    # defaults too are validated: a higher limit is held against the one that follows it
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    simple_up_to: Amount = Field(
        default=Decimal(20_000), description="montant TTC jusqu'auquel une signature simple suffit"
    )
    advanced_above: Amount = Field(
        default=Decimal(50_000), description="montant TTC au-delà duquel une signature avancée est conseillée"
    )
    qualified: bool = Field(
        default=False,
        description="true : le cabinet veut une signature qualifiée pour toutes ses conventions",
    )
    result_rate_warning: Rate = Field(
        default=Decimal(15),
        description="taux de l'honoraire de résultat, en %, au-delà duquel il est signalé",
    )
    result_rate_max: Rate = Field(
        default=Decimal(20),
        description="taux de l'honoraire de résultat, en %, au-delà duquel la fiche est refusée",
    )

    @field_validator("advanced_above", "result_rate_max")
    @classmethod
    def _in_order(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        lower = {"advanced_above": "simple_up_to", "result_rate_max": "result_rate_warning"}
        name = lower[str(info.field_name)]
        if name in info.data and value < info.data[name]:
            raise ValueError(f"est sous PARAPHE_THRESHOLDS_{name.upper()} ; corrigez l'un des deux")
        return value


DEFAULTS = Thresholds()
