"""What leaves for a store that must not read it is sealed with the hub's key ring, and opened again.

The place is authenticated with the bytes: what was sealed for a store opens as nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

from connectors import Services
from domain.errors import Permanent

PLACE = "archives.s3"
#: tells whoever downloads one that no reader opens it as it is
ENDING = ".sealed"
#: more than sealing ever adds: the key's id (40 characters at most), a nonce and a tag
LARGEST_ADDITION_BYTES = 128


def sealed(content: bytes, services: Services) -> bytes:
    """Never the same twice: compare what is inside."""
    return services.seal(content, PLACE)


def unsealed(content: bytes, services: Services) -> bytes:
    return opened(content, services.unseal)


def opened(content: bytes, unseal: Callable[[bytes, str], bytes]) -> bytes:
    """Raises Permanent when the key ring has no longer the key, or the bytes are not what was sealed."""
    try:
        return unseal(content, PLACE)
    except ValueError:
        raise Permanent(
            "archive_unreadable",
            "Cette copie chiffrée ne s'ouvre pas : remettez dans PARAPHE_ENCRYPTION_KEYS la clé du jour où "
            "elle a été déposée ; si elle y est, la copie a été modifiée.",
        ) from None
