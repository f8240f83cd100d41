"""The names that SharePoint refuses (support.microsoft.com, "Restrictions and limitations in OneDrive and
SharePoint"; learn.microsoft.com/graph, "Address resources in a drive")."""

from __future__ import annotations

import re

from sandbox.microsoft_graph.refusals import Refusal, invalid

LONGEST_PATH = 400
LONGEST_NAME = 255
_FORBIDDEN = re.compile(r'["*:<>?/\\|#%\x00-\x1f]')
_RESERVED = re.compile(r"\.lock|con|prn|aux|nul|com\d|lpt\d|desktop\.ini", re.IGNORECASE)


def check_name(name: str, *, above: str, folder: bool) -> None:
    """``above`` is the decoded path of the folder that it goes to, "" for the library's root."""
    refused = (
        not name
        or len(name) > LONGEST_NAME
        or _FORBIDDEN.search(name)
        or name != name.strip()
        or name.startswith("~")
        or "_vti_" in name.lower()
        or _RESERVED.fullmatch(name)
        or (folder and name.endswith("."))
        or (folder and not above and name.casefold() == "forms")
    )
    if refused:
        raise invalid("The provided name contains characters or words that are not allowed.", "invalidName")
    if len(f"{above}/{name}") >= LONGEST_PATH:
        raise Refusal(400, "invalidRequest", "The path is too long.", "pathIsTooLong")
