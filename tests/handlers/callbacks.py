"""Callbacks as the provider signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

SECRET = b"secret-du-bac-a-sable-0123456789"


def signature(raw: bytes) -> str:
    return "sha256=" + hmac.new(SECRET, raw, hashlib.sha256).hexdigest()


def signed(content: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    raw = json.dumps(content).encode()
    return raw, {"X-Yousign-Signature-256": signature(raw)}
