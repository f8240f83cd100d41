"""The sandbox's own authority: a root, a certificate that seals and one that timestamps.

They are made when the sandbox starts, and kept in the data folder when there is one, so that files
sealed yesterday still verify today. Their names say what they are worth: nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

VALID_DAYS = 3650
ORGANISATION = "BAC À SABLE, SANS VALEUR"


@dataclass(frozen=True)
class Identity:
    """One certificate and its private key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def certificate_pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    @property
    def asn1_certificate(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    @property
    def asn1_key(self) -> asn1_keys.PrivateKeyInfo:
        encoded = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return asn1_keys.PrivateKeyInfo.load(encoded)


@dataclass(frozen=True)
class Authority:
    """``root`` is what a verifier must trust; ``sealer`` signs PDFs, ``timestamper`` RFC 3161 tokens."""

    root: Identity
    sealer: Identity
    timestamper: Identity

    def time_stamper(self) -> DummyTimeStamper:
        """pyHanko's own small TSA, with our real certificate: its tokens verify."""
        return DummyTimeStamper(self.timestamper.asn1_certificate, self.timestamper.asn1_key)


def authority(data: Path | None) -> Authority:
    """The authority kept under ``data``, or a new one (kept there when ``data`` is a folder)."""
    folder = data / "pki" if data else None
    if folder and (folder / "complete").exists():
        return Authority(*(_load(folder, name) for name in ("root", "sealer", "timestamper")))
    root = _issue("Autorité racine du bac à sable", None)
    made = Authority(
        root,
        _issue("Cachet de signature du bac à sable", root, key_usage="seal"),
        _issue("Horodatage du bac à sable", root, key_usage="time"),
    )
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("root", "sealer", "timestamper"):
            _save(folder, name, getattr(made, name))
        (folder / "complete").touch()
    return made


def _issue(common_name: str, issuer: Identity | None, key_usage: str = "root") -> Identity:
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    signing = issuer or Identity(None, key)  # type: ignore[arg-type] # a root has no issuer but itself
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.key.public_key()), critical=False
        )
        .add_extension(_key_usage(key_usage), critical=True)
    )
    if key_usage == "time":  # RFC 3161, 2.3: critical, and alone
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return Identity(builder.sign(signing.key, hashes.SHA256()), key)


def _key_usage(kind: str) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=kind != "root",
        content_commitment=kind == "seal",
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=kind == "root",
        crl_sign=kind == "root",
        encipher_only=False,
        decipher_only=False,
    )


def _save(folder: Path, name: str, identity: Identity) -> None:
    (folder / f"{name}.pem").write_text(identity.certificate_pem)
    key_file = folder / f"{name}.key"
    key_file.touch(mode=0o600)
    key_file.write_text(identity.key_pem)


def _load(folder: Path, name: str) -> Identity:
    key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Identity(x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes()), key)
