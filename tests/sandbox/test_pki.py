"""The sandbox's certificates, kept or made anew."""

from __future__ import annotations

from pathlib import Path

from sandbox.pki import authority


def test_a_data_folder_keeps_the_certificates_and_their_keys(tmp_path: Path) -> None:
    first, second = authority(tmp_path), authority(tmp_path)
    for name in ("root", "sealer", "timestamper"):
        kept, read = getattr(first, name), getattr(second, name)
        assert kept.certificate == read.certificate
        assert kept.key.private_numbers() == read.key.private_numbers()
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.glob("pki/*.key"))


def test_every_name_says_that_it_is_worth_nothing() -> None:
    made = authority(None)
    for identity in (made.root, made.sealer, made.timestamper):
        assert "SANS VALEUR" in identity.certificate.subject.rfc4514_string()
