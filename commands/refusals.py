"""What went wrong, as a command tells it."""

from __future__ import annotations

import click

from domain.errors import ParapheError, Retryable


def refused(error: ParapheError) -> click.ClickException:
    """A worker tries again by itself what may pass, and the sentence says so; a command does not."""
    again = (
        " Cette commande ne réessaie pas d'elle-même : relancez-la." if isinstance(error, Retryable) else ""
    )
    return click.ClickException(error.detail + again)
