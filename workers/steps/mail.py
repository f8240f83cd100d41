"""Give one mail to the firm's mail server. A try whose answer was lost is made again: the same mail twice,
under the same identifier, is better than none."""

from __future__ import annotations

from store import mails
from store.steps import Claimed
from workers.runtime import Runtime


def run(runtime: Runtime, claimed: Claimed) -> None:
    """One that nobody wants any more (its link is over) does not leave."""
    mail_id = claimed.argument or ""
    with runtime.database.reading() as session:
        mail = mails.find(session, runtime.now(), mail_id)
    if mail is None:
        with runtime.finishing(claimed):
            return
    runtime.mailer().send(mail.id, mail.recipient, mail.subject, mail.text)
    with runtime.finishing(claimed) as tx:
        mails.forget(tx, mail_id)
