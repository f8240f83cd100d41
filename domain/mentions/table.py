"""Every rule, by the id of its mention. A test holds the table and ``law.toml`` to the same ids."""

from __future__ import annotations

from collections.abc import Mapping

from domain.mentions.bans import BANS
from domain.mentions.core import CORE
from domain.mentions.fees import FEES
from domain.mentions.matters import AID_BANS, MATTERS
from domain.mentions.rule import Ban, Rule
from domain.mentions.withdrawal import WITHDRAWAL

RULES: Mapping[str, Rule | Ban] = {**CORE, **FEES, **MATTERS, **WITHDRAWAL, **AID_BANS, **BANS}
