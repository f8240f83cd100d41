"""SharePoint's own rules on names, beyond those of every archive (``last_door``): what it would refuse, or
change. Sources: support.microsoft.com, "Restrictions and limitations in OneDrive and SharePoint";
learn.microsoft.com/graph/onedrive-addressing-driveitems.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.archives import Deposit
from connectors.archives.last_door import require_safe
from domain.errors import Permanent

LONGEST_PATH = 400  # characters, decoded; less than that
_FORBIDDEN = re.compile(r'["*:<>?/\\|#%\x00-\x1f\x7f]')


def is_allowed(name: str) -> bool:
    """One folder or file name, wherever it goes."""
    return bool(name) and not (
        name != name.strip()
        or name.startswith("~")
        or name.endswith(".")
        or "_vti_" in name.casefold()
        or _FORBIDDEN.search(name)
    )


def require_allowed(root: Sequence[str], deposit: Deposit) -> None:
    """``root`` are the folders above it. Raises Permanent ``archive_unsafe_name``."""
    require_safe(deposit)
    path = (*root, *deposit.folders, deposit.name)
    if not all(is_allowed(name) for name in path) or len("/".join(path)) >= LONGEST_PATH:
        raise Permanent(
            "archive_unsafe_name",
            "SharePoint refuserait ce nom de classement : corrigez le modèle de nom des archives "
            "(PARAPHE_ARCHIVE_PATTERN).",
        )
