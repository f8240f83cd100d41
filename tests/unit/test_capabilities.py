"""How a signer is checked, of what a provider sells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.signature.docusign_requests import CAPABILITIES
from domain.signature import Authentication, Level

EMAIL, SMS = Authentication.EMAIL_CODE, Authentication.SMS_CODE
LINK, IDENTITY = Authentication.NONE, Authentication.IDENTITY
ABLE = replace(CAPABILITIES, checks={Level.SIMPLE: (SMS, LINK), Level.ADVANCED: (SMS, IDENTITY)})


@pytest.mark.parametrize(
    ("level", "wanted", "expected"),
    [
        (Level.SIMPLE, SMS, SMS),
        (Level.SIMPLE, LINK, LINK),
        (Level.SIMPLE, EMAIL, LINK),  # the link came by e-mail too: it proves as much
        (Level.SIMPLE, IDENTITY, IDENTITY),  # not sold: refused later, never weakened
        (Level.ADVANCED, IDENTITY, IDENTITY),
        (Level.ADVANCED, EMAIL, SMS),
        (Level.ADVANCED, LINK, SMS),
        (Level.QUALIFIED, EMAIL, EMAIL),
    ],
)
def test_a_check_that_is_not_sold_is_replaced_by_one_that_is_no_weaker(
    level: Level, wanted: Authentication, expected: Authentication
) -> None:
    assert ABLE.check_for(level, wanted) is expected


def test_a_code_by_email_is_kept_where_it_is_sold() -> None:
    able = replace(ABLE, checks={Level.SIMPLE: (SMS, EMAIL, LINK)})
    assert able.check_for(Level.SIMPLE, EMAIL) is EMAIL
    sms_alone = replace(ABLE, checks={Level.SIMPLE: (SMS,)})
    assert sms_alone.check_for(Level.SIMPLE, EMAIL) is EMAIL, "refused later: nothing sold proves as little"
