"""Telephone numbers: French national spellings to E.164, overseas included.

``phonenumbers`` alone is wrong for us: in region FR it refuses overseas mobiles written nationally, calls
0596 (Martinique) a metropolitan number, stumbles on thin spaces, and swallows an extension.
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

#: where a number may be written nationally, by the first digits of a post code
REGIONS = {
    "971": "GP",
    "972": "MQ",
    "973": "GF",
    "974": "RE",
    "975": "PM",
    "976": "YT",
    "977": "BL",
    "978": "MF",
}
#: national prefixes that only exist overseas, whatever the library says of +33
OVERSEAS = re.compile(r"^\+33(262|263|269|508|590|594|596|639|69[0-7]|709)")
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def candidates(written: str) -> dict[str, str]:
    """The valid E.164 readings of ``written``, by region; empty when there is none."""
    folded = re.sub(r"\s+", " ", written)
    found: dict[str, str] = {}
    for region in ("FR", *REGIONS.values()):
        try:
            number = phonenumbers.parse(folded, region)
        except phonenumbers.NumberParseException:
            continue
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        known_wrong = region == "FR" and OVERSEAS.match(e164)
        if phonenumbers.is_valid_number(number) and not number.extension and not known_wrong:
            found[region] = e164
    return found


def choose(found: dict[str, str], postcode: str | None) -> str | None:
    """The one reading that the address or the absence of another makes certain; else None: ask."""
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    if postcode is None:
        return None
    return found.get(REGIONS.get(postcode[:3], "FR"))


def is_mobile(e164: str | None) -> bool:
    """True if a one-time code can be sent there by SMS."""
    if e164 is None:
        return False
    try:
        return phonenumbers.number_type(phonenumbers.parse(e164)) in MOBILE
    except phonenumbers.NumberParseException:
        return False


def printed(e164: str) -> str:
    """French numbers as ``06 12 34 56 78``, the others internationally."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    style = PhoneNumberFormat.NATIONAL if number.country_code == 33 else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
