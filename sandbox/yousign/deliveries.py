"""One webhook on its way: its bytes, its signature, and each try to hand it over."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from sandbox.signing.courier import Try, new_id, post
from sandbox.yousign.state import now

FIRST_TIMEOUT_SECONDS, RETRY_TIMEOUT_SECONDS = 1.0, 10.0
#: 2 min, 6 min, 30 min, 1 h, 5 h, 18 h, 1 day, 2 days
RETRY_DELAYS_SECONDS = (120, 360, 1_800, 3_600, 18_000, 64_800, 86_400, 172_800)


@dataclass
class Delivery:
    """Satisfies ``sandbox.signing.dispatch.Callback``."""

    subscription_id: str
    endpoint: str
    secret_key: str
    auto_retry: bool
    event_id: str
    event_name: str
    signature_request_id: str
    body: bytes
    corrupt: bool = False
    outcome: str = "pending"
    tries: list[Try] = field(default_factory=list)
    id: str = field(default_factory=new_id)

    @property
    def signature(self) -> str:
        digest = hmac.new(self.secret_key.encode(), self.body, hashlib.sha256).hexdigest()
        if self.corrupt:
            digest = digest[:-1] + ("0" if digest[-1] != "0" else "1")
        return f"sha256={digest}"

    def attempt(self) -> float | None:
        """Send it once and note how it went; returns the documented delay before the next try, in
        seconds, or None when there is none."""
        retry = len(self.tries)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Yousign Webhook Bot",
            "X-Yousign-Signature-256": self.signature,
            "X-Yousign-Retry": str(retry),
            "X-Yousign-Issued-At": str(int(now().timestamp())),
        }
        timeout = RETRY_TIMEOUT_SECONDS if retry else FIRST_TIMEOUT_SECONDS
        one = post(self.endpoint, self.body, headers, timeout)
        self.tries.append(one)
        if one.status is not None and one.status < 300:
            self.outcome = "delivered"
            return None
        # a first try that timed out is repeated once even without auto_retry
        if retry < len(RETRY_DELAYS_SECONDS) and (self.auto_retry or (one.timed_out and retry == 0)):
            return RETRY_DELAYS_SECONDS[retry]
        self.outcome = "failed"
        return None
