"""A wrong setting stops the start with a line that names it, not the first convention with a crash."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from settings import SettingsError, new_encryption_key
from workers.start import load_settings

WRONG = {
    "REDIS_URL": ["nowhere", "redis://host:port/0", "redis://", "http://host/"],
    "DATABASE_URL": ["nowhere", "mysql://host/db", "postgresql://host:port/db", "postgresql://"],
    "PARAPHE_EVENTS_SECRET": [
        "CANARI",
        "whsec_CANARI!",
        "whsec_YQ==",
        base64.b64encode(b"CANARI" * 5).decode(),
    ],
    "PARAPHE_ENCRYPTION_KEYS": ["CANARI", "k1:CANARI", "é:" + "A" * 43 + "=", new_encryption_key("k" * 300)],
    "PARAPHE_ARCHIVES": [",", "nowhere", "google_drive"],
    "PARAPHE_PUBLIC_URL": ["hub.example", "ftp://hub.example", "https://", "https://a b"],
    "PARAPHE_TEMPLATE": ["nowhere", "../forfait"],
    "PARAPHE_COLUMNS": ["[]", "[" * 3000, '{"a": "nowhere"}', '{"a": 1}'],
    "PARAPHE_TRUST_ROOTS_FILE": ["/nowhere", "/tmp"],
    "PARAPHE_DATA_DIR": ["/proc/nowhere", "/dev/null"],
    "PARAPHE_LEASE_SECONDS": ["0", "nan", "inf", "soon"],
    "PARAPHE_RETRY_BASE_SECONDS": ["0", "inf"],
    "PARAPHE_CLOCK_SECONDS": ["0", "-1", "inf"],
    "PARAPHE_ASK_AFTER_SECONDS": ["inf", "1e300"],
    "PARAPHE_ALLOWED_NETWORKS": ["10.0.0.1/8", "localhost"],
    "PARAPHE_PROVIDER": ["nowhere"],
    "PARAPHE_CONVERTER": ["nowhere"],
}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PARAPHE_CLOCK_SECONDS", "bientôt", "un nombre est attendu"),
        ("PARAPHE_MAX_BODY_BYTES", "1", "hors des bornes"),
        ("PARAPHE_LEVEL", "high", "choisissez une des valeurs"),
        ("PARAPHE_YOUSIGN_SANDBOX", "peut-être", "true ou false est attendu"),
        ("PARAPHE_SECRET_KEY", "court", "trop court"),
        ("PARAPHE_ALLOWED_NETWORKS", "10.0.0", "réseaux attendus, séparés par des virgules"),
    ],
)
def test_a_wrong_value_is_told_in_french(tmp_path: Path, name: str, value: str, told: str) -> None:
    environ = {"PARAPHE_DATA_DIR": str(tmp_path), "PARAPHE_SANDBOX_URL": "http://127.0.0.1:9", name: value}
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    (line,) = [one for one in caught.value.problems if one.startswith(f"{name} : ")]
    assert told in line


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in WRONG.items() for v in values])
def test_a_wrong_value_is_told_with_its_name(tmp_path: Path, name: str, value: str) -> None:
    environ = {
        "PARAPHE_DATA_DIR": str(tmp_path),
        "PARAPHE_SANDBOX_URL": "http://127.0.0.1:9",
        "PARAPHE_SECRET_KEY": "k" * 40,
        "PARAPHE_ENCRYPTION_KEYS": new_encryption_key("k1"),
        "PARAPHE_EVENTS_SECRET": "whsec_" + "YWFh" * 8,
    }
    with pytest.raises(SettingsError) as raised:
        load_settings({**environ, name: value})
    (line,) = raised.value.problems
    assert name in line or name == "PARAPHE_ARCHIVES", line
    assert "CANARI" not in line


def test_a_mounted_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError) as raised:
        load_settings({"PARAPHE_DATA_DIR": str(tmp_path), "PARAPHE_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert raised.value.problems[0].startswith("PARAPHE_SECRET_KEY_FILE")
