"""The firm's mail server, by SMTP: what people of the firm are told by mail.

Only over TLS: from the start (``smtps://``, RFC 8314) or by STARTTLS, which is then required (RFC 3207); a
server on this very machine may do without. The password leaves only once the connection is encrypted.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator

from connectors import Finding
from domain.errors import ParapheError, Permanent, Retryable
from domain.people import address_of

TIMEOUT_SECONDS = 15  # for each exchange
_PORTS = {"smtps": 465, "smtp": 587}
NOT_SET_UP = Permanent(
    "mail_not_set_up",
    "L'envoi de courriels n'est pas configuré : donnez PARAPHE_MAIL_URL et PARAPHE_MAIL_SENDER.",
)


class MailConfig(BaseModel):
    url: SecretStr = Field(
        description="serveur de courriel : smtps://utilisateur:motdepasse@hôte:465, ou smtp://…:587 "
        "(STARTTLS exigé) ; les caractères spéciaux du mot de passe s'écrivent en %XX"
    )
    sender: str = Field(description="adresse d'expéditeur des courriels du hub")

    @field_validator("url")
    @classmethod
    def _address(cls, value: SecretStr) -> SecretStr:
        try:
            parts = urlsplit(value.get_secret_value())
            known = parts.scheme in _PORTS and parts.hostname and (parts.port is None or parts.port > 0)
            # smtplib signs in with ASCII alone, and would quote the password in its complaint
            known = known and unquote(f"{parts.username}{parts.password}").isascii()
        except ValueError:
            known = None
        if not known:
            raise ValueError(
                "attendu : smtps://utilisateur:motdepasse@hôte:465 ou smtp://…:587, identifiant et mot de "
                "passe sans lettre accentuée"
            )
        return value

    @field_validator("sender")
    @classmethod
    def _sender(cls, value: str) -> str:
        if address_of(value) is None:
            raise ValueError("ce n'est pas une adresse de courriel")
        return value.strip()


class Mail:
    """``tls``: whom it trusts, the usual authorities unless said otherwise."""

    def __init__(self, config: MailConfig, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls or ssl.create_default_context()
        self._parts = urlsplit(config.url.get_secret_value())
        self._sender = config.sender
        self._domain = config.sender.rpartition("@")[2]

    def send(self, reference: str, recipient: str, subject: str, text: str) -> None:
        """``reference`` names the mail: given twice, it is the same one for who receives it. Raises Permanent
        when the server will never take it, Retryable otherwise."""
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = self._sender, recipient, subject
        mail["Message-ID"] = f"<{reference}@{self._domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        mail.set_content(text, cte="quoted-printable")
        with self._server() as server:
            server.send_message(mail)

    def check(self) -> tuple[Finding, ...]:
        try:
            with self._server() as server:
                server.noop()
        except ParapheError as wrong:
            return (Finding(ok=False, text=wrong.detail),)
        return (Finding(ok=True, text="le serveur de courriel accepte la connexion du hub."),)

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        """Connected, encrypted and signed in; every failure leaves as an error of the domain. "from None":
        what a server says repeats addresses."""
        try:
            server = self._connected()
            try:
                self._enter(server)
                yield server
            finally:
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPAuthenticationError as refusal:
            if refusal.smtp_code < 500:
                raise _away() from None
            raise Permanent(
                "mail_unauthorised",
                "Le serveur de courriel refuse l'identifiant du hub : corrigez celui de PARAPHE_MAIL_URL.",
            ) from None
        except ssl.SSLError:
            raise _not_encrypted() from None
        except smtplib.SMTPNotSupportedError:
            raise Permanent(
                "mail_not_supported",
                "Le serveur de courriel ne sait pas faire ce qui lui est demandé (connexion, caractères de "
                "l'adresse) : vérifiez PARAPHE_MAIL_URL et l'adresse du destinataire.",
            ) from None
        except smtplib.SMTPException as refusal:
            if all(code >= 500 for code in _codes(refusal)):
                raise Permanent(
                    "mail_refused",
                    "Le serveur de courriel refuse ce message : vérifiez PARAPHE_MAIL_SENDER et l'adresse du "
                    "destinataire.",
                ) from None
            raise _away() from None
        except OSError:
            raise _away() from None

    def _connected(self) -> smtplib.SMTP:
        parts, name = self._parts, self._domain
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(
                host, port, local_hostname=name, timeout=TIMEOUT_SECONDS, context=self._tls
            )
        return smtplib.SMTP(host, port, local_hostname=name, timeout=TIMEOUT_SECONDS)

    def _enter(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if self._parts.scheme == "smtp" and not (_is_here(self._parts) and not server.has_extn("starttls")):
            if not server.has_extn("starttls"):
                raise _not_encrypted()
            server.starttls(context=self._tls)
            server.ehlo()
        if self._parts.username:
            server.login(unquote(self._parts.username), unquote(self._parts.password or ""))


def _is_here(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _codes(refusal: smtplib.SMTPException) -> list[int]:
    """What the server answered; 0 when it hung up."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in refusal.recipients.values()]
    return [refusal.smtp_code if isinstance(refusal, smtplib.SMTPResponseException) else 0]


def _not_encrypted() -> Permanent:
    return Permanent(
        "mail_not_encrypted",
        "La connexion au serveur de courriel ne peut pas être chiffrée (STARTTLS absent, ou certificat "
        "refusé) : corrigez PARAPHE_MAIL_URL.",
    )


def _away() -> Retryable:
    return Retryable(
        "mail_unreachable", "Le serveur de courriel ne répond pas comme il faut : nouvel essai automatique."
    )
