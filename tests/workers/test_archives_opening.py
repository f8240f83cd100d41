"""A sealed copy is opened where nothing but the key ring is left: no database, no other setting."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from settings import new_encryption_key, parse_keys
from store.cipher import KeyRing
from tests.archives.kits import deposit
from tests.archives.kits_s3 import S3Kit
from tests.fixtures.processes import ROOT
from tests.fixtures.sandbox import Sandbox

KEY = "k1:" + "A" * 43 + "="


def opening(sealed: Path, out: Path, **environ: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "commands.open_sealed", sealed, out],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_a_copy_of_a_store_opens_with_the_key_ring_alone(sandbox: Sandbox, tmp_path: Path) -> None:
    keys = f"{new_encryption_key('k2')},{KEY}"
    ring, kit = KeyRing(parse_keys(keys)), S3Kit(sandbox)
    kit.worker(replace(kit.memory.services(), seal=ring.seal, unseal=ring.open)).file(deposit())
    (version,) = kit.versions()
    sealed, kept = tmp_path / "copie.sealed", tmp_path / "trousseau"
    sealed.write_bytes(kit.admin.get_object(Bucket=kit.bucket, Key=version["Key"])["Body"].read())
    kept.write_text(keys)
    given = {"PARAPHE_ENCRYPTION_KEYS": keys}, {"PARAPHE_ENCRYPTION_KEYS_FILE": str(kept)}
    for number, environ in enumerate(given):
        out = tmp_path / f"{number}.pdf"
        assert opening(sealed, out, **environ) == (0, f"Ouvert : {len(deposit().content)} octets.\n")
        assert out.read_bytes() == deposit().content
        assert out.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("content", "keys", "told"),
    [
        (b"%PDF-1.7 in clear", KEY, "n'est pas une copie chiffrée"),
        (b"", KEY, "n'est pas une copie chiffrée"),
        (b"\x01\x03\xff\xfe\xfd whatever", KEY, "n'est pas une copie chiffrée"),
        (b"\x01\x02k7" + b"x" * 40, KEY, "sous la clé k7"),
        (b"\x01\x02k1" + b"x" * 40, KEY, "ne s'ouvre pas"),
        (b"\x01\x02k1", KEY, "ne s'ouvre pas"),
        (b"\x01\x02k1" + b"x" * 40, "", "PARAPHE_ENCRYPTION_KEYS : réglage obligatoire absent"),
        (b"\x01\x02k1" + b"x" * 40, "k1:short", "PARAPHE_ENCRYPTION_KEYS : chaque clé s'écrit"),
    ],
)
def test_what_does_not_open_is_told_for_what_it_is(
    tmp_path: Path, content: bytes, keys: str, told: str
) -> None:
    sealed, out = tmp_path / "copie.sealed", tmp_path / "copie.pdf"
    sealed.write_bytes(content)
    code, said = opening(sealed, out, PARAPHE_ENCRYPTION_KEYS=keys)
    assert (code, told in said, "Traceback" in said) == (1, True, False), said
    assert not out.exists()
