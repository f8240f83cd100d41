"""Plays the main job on the embedded defaults: the sandbox, the hub's three processes, one record.

Called by ``bin/demo``, which installs what is missing. Everything is written under ``var/demo``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import httpx
from redis import Redis
from redis.exceptions import RedisError

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from documents.signatures import verify_signed  # noqa: E402 - the path above comes first
from sandbox.airtable.sample import BASE_ID, RECORD_ID, TABLE_ID  # noqa: E402
from sandbox.google.drive import SHARED_FOLDER_ID  # noqa: E402

PERSON = "helene.martin@example.com"  # PARAPHE_BUTTONS_PEOPLE in sandbox/hub.env

STAGES = {
    "received": "Fiche reçue",
    "rendered": "Convention rédigée (Word, PDF/A)",
    "sent": "Envoyée à la signature",
    "opened": "Ouverte par un signataire",
    "signed": "Signée par tous ; fichier et preuve vérifiés et gardés",
    "archived": "Archivée",
}
ENDINGS = {"archived", "declined", "expired", "cancelled", "superseded", "failed"}


class Demo:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "hub.log"
        self.archive = folder / "archive"
        self.children: list[subprocess.Popen[str]] = []
        self.provider = os.environ.get("PARAPHE_PROVIDER") or "yousign"
        self.environ = {key: value for key, value in os.environ.items() if not key.startswith("PARAPHE_")}
        self.environ.pop("DATABASE_URL", None)
        self.environ.pop("REDIS_URL", None)
        self.environ["DEMO_FOLDER"] = str(folder)  # what tells the demo's processes from others
        self.door = listening()
        self.hub = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.sandbox = self.key = ""
        self.http = httpx.Client(trust_env=False, timeout=30)

    def start(self) -> None:
        self.archive.mkdir()
        say(f"Démarrage du bac à sable et du hub (web, worker, clock), dans {self.folder.relative_to(ROOT)}…")
        sandbox = self._spawn("-m", "sandbox", "--port", "0", stdout=subprocess.PIPE)
        assert sandbox.stdout is not None
        announced = sandbox.stdout.readline()
        if not announced:
            self._give_up("le bac à sable ne démarre pas")
        self.sandbox = json.loads(announced)["url"]
        self._configure()
        self.key = self._flask("keys", "create", "démonstration").strip()
        with self.door:  # gunicorn has its own copy
            self._spawn(
                "-m", "gunicorn", "--bind", f"fd://{self.door.fileno()}", "--worker-class", "gthread",
                "--threads", "8", "--no-control-socket", "--access-logfile", "/dev/null", "app:create_app()",
                pass_fds=(self.door.fileno(),),
            )  # fmt: skip
        self._spawn("-m", "workers.worker")
        self._spawn("-m", "workers.clock")
        self._flask("callbacks", "subscribe")
        self._wait_for_web()

    def create(self, record: dict[str, Any] | None) -> dict[str, Any]:
        source: dict[str, Any] = {"kind": "airtable", "base": BASE_ID, "table": TABLE_ID, "record": RECORD_ID}
        if record is not None:
            source = {"kind": "inline", "fields": record}
        answer = self.http.post(
            f"{self.hub}/v1/conventions",
            json={"source": source, "archive": ["folder", "google_drive"]},
            headers={"Authorization": f"Bearer {self.key}", "Prefer": "wait=1"},
        )
        shown: dict[str, Any] = answer.json()
        if answer.status_code >= 400:
            tell_problem(shown)
            raise SystemExit(1)
        return shown

    def read(self, convention_id: str) -> dict[str, Any]:
        path = f"{self.hub}/v1/conventions/{convention_id}"
        shown: dict[str, Any] = self.http.get(path, headers={"Authorization": f"Bearer {self.key}"}).json()
        return shown

    def follow(self, convention_id: str, *, sign: bool) -> dict[str, Any]:
        """Tell each stage as it comes; the convention at its end."""
        told: set[str] = set()
        while True:
            shown = self.read(convention_id)
            self._tell(shown, told)
            if shown["state"] == "sent" and "links" not in told:
                told.add("links")
                self._invite(shown, sign=sign)
            if shown["state"] in ENDINGS:
                return shown
            for child in self.children:
                if child.poll() is not None:
                    self._give_up("un des processus s'est arrêté")
            time.sleep(0.2)

    def verify(self, shown: dict[str, Any], *, from_airtable: bool) -> list[str]:
        """What was promised, checked on the files themselves; the faults found."""
        faults = []
        copies = {(copy["archive"], copy["kind"]): copy for copy in shown["archives"]}
        signed = self._archived(copies[("folder", "signed")])
        sent = self.http.get(
            f"{self.hub}/v1/conventions/{shown['id']}/document",
            headers={"Authorization": f"Bearer {self.key}"},
        ).content
        findings = verify_signed(signed, sent, [(self.folder / "ca.pem").read_bytes()])
        if not (findings.sound and findings.trusted):
            faults.append(f"signature : {', '.join(findings.problems) or 'autorité inconnue'}")
        for (archive, kind), copy in copies.items():
            if archive == "folder" and hashlib.sha256(self._archived(copy)).hexdigest() != copy["sha256"]:
                faults.append(f"{kind} : le fichier archivé n'a pas l'empreinte attendue")
        if not {("folder", "proof_pdf"), ("google_drive", "signed")} <= copies.keys():
            faults.append("il manque une copie ou la preuve")
        if from_airtable and not self._row_says_archived():
            faults.append("la fiche Airtable ne porte pas l'état final")
        return faults

    def stop(self) -> None:
        for child in self.children:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + 8
        for child in self.children:
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        self._stop_redis()

    def _configure(self) -> None:
        certificate = self.folder / "ca.pem"
        certificate.write_bytes(self._from_sandbox(f"{self.provider}/_control/ca.pem"))
        account = self._from_sandbox("google/_control/service_account.json").decode()
        self.environ |= {
            "PARAPHE_SANDBOX_URL": self.sandbox,
            "PARAPHE_PROVIDER": self.provider,
            "PARAPHE_DATA_DIR": str(self.folder / "hub"),
            "PARAPHE_PUBLIC_URL": self.hub,
            "PARAPHE_FOLDER_ROOT": str(self.archive),
            "PARAPHE_GOOGLE_DRIVE_SERVICE_ACCOUNT_JSON": account,
            "PARAPHE_GOOGLE_DRIVE_ROOT_FOLDER_ID": SHARED_FOLDER_ID,
            "PARAPHE_GOOGLE_DRIVE_API_ROOT": f"{self.sandbox}/google/",
            "PARAPHE_TRUST_ROOTS_FILE": str(certificate),
            "PARAPHE_CLOCK_SECONDS": "1",
        }

    def _from_sandbox(self, path: str) -> bytes:
        return self.http.get(f"{self.sandbox}/{path}").raise_for_status().content

    def _spawn(
        self, *arguments: str, stdout: int | None = None, pass_fds: tuple[int, ...] = ()
    ) -> subprocess.Popen[str]:
        with self.log.open("a") as log:
            child = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environ, text=True,
                stdout=stdout or log, stderr=log, start_new_session=True, pass_fds=pass_fds,
            )  # fmt: skip
        self.children.append(child)
        return child

    def _flask(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False
        )
        if done.returncode:
            self._give_up(done.stderr.strip() or " ".join(arguments))
        return done.stdout

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with suppress(httpx.HTTPError):
                if self.http.get(f"{self.hub}/healthz").status_code == 200:
                    return
            time.sleep(0.1)
        self._give_up("le hub ne répond pas")

    def _tell(self, shown: dict[str, Any], told: set[str]) -> None:
        reached = ["received"] + [state for state in STAGES if f"{state}_at" in shown and state != "received"]
        if shown["state"] in STAGES and shown["state"] not in reached:
            reached.append(shown["state"])
        for state, label in STAGES.items():
            if state in reached and state not in told:
                told.add(state)
                say(f"✓ {label}")

    def _invite(self, shown: dict[str, Any], *, sign: bool) -> None:
        say(f"  Suivre la convention : {shown['links']['follow']}")
        say(f"  La fiche Airtable    : {self.sandbox}/airtable/view/{BASE_ID}/{TABLE_ID}")
        say(f"  Le Google Drive      : {self.sandbox}/google/view")
        control = f"{self.sandbox}/{self.provider}/_control"
        requests = self.http.get(f"{control}/signature_requests").json()
        for signer in requests[-1]["signers"]:  # what the provider's e-mails would hold
            say(f"  Lien de signature ({signer['name']}) : {signer['link']}")
        if sign:
            say("  Signature automatique (--sign)…")
            for request in requests:
                order = {"signature_request": request["id"], "signer": "all"}
                self.http.post(f"{control}/sign", json=order).raise_for_status()
        else:
            self._show_button()
            say("  Ouvrez chaque lien et signez, dans l'ordre ; Ctrl-C arrête tout.")

    def _show_button(self) -> None:
        place = ("--place", f"base={BASE_ID}", "--place", f"table={TABLE_ID}")
        formula = self._flask("buttons", "create", "--source", "airtable", *place, "--action", "preview")
        url = formula.split('"')[1]  # the formula is "…?record=" & RECORD_ID()
        say(f"  Un bouton de la fiche d'exemple : {url}{RECORD_ID}")
        say(f"    connectez-vous avec {PERSON} ; le lien arrive dans {self.sandbox}/mail/")

    def _archived(self, copy: dict[str, str]) -> bytes:
        return Path(copy["path"]).read_bytes()

    def _row_says_archived(self) -> bool:
        """The last write-back follows the filing by a moment."""
        path = f"{self.sandbox}/airtable/v0/{BASE_ID}/{TABLE_ID}/{RECORD_ID}"
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            fields = self.http.get(path, headers={"Authorization": "Bearer patBacASable"}).json()["fields"]
            if fields.get("Statut convention") == "Archivée" and fields.get("Archive"):
                return True
            time.sleep(0.2)
        return False

    def _stop_redis(self) -> None:
        """The embedded Redis outlives the process that started it: end it by name."""
        settings = self.folder / "hub" / "redis.rdb.settings"
        if settings.exists():
            path = json.loads(settings.read_text())["unixsocket"]
            with suppress(RedisError, OSError):
                Redis(unix_socket_path=path).shutdown(nosave=True)

    def _give_up(self, reason: str) -> NoReturn:
        say(f"✗ {reason}. Le détail est dans {self.log}")
        raise SystemExit(1)


def say(line: str) -> None:
    print(line, flush=True)


def tell_problem(shown: dict[str, Any]) -> None:
    say(f"✗ {shown['detail']}")
    for fault in shown.get("errors", []):
        say(f"  - {fault['path']} : {fault['detail']}")


def listening() -> socket.socket:
    """On port 8000, or on a free one; held from now on, so that no other program can take it."""
    try:
        return socket.create_server(("127.0.0.1", 8000))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))


@contextmanager
def running(demo: Demo) -> Iterator[None]:
    """Nothing outlives the demonstration: not after Ctrl-C, not after a closed terminal."""

    def interrupted(number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt(number)

    # also Ctrl-C: whoever starts a program in the background has it ignored
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        demo.stop()


def new_folder() -> Path:
    parent = ROOT / "var" / "demo"
    parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-"), dir=parent))


def read_record(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        record = None
    if not isinstance(record, dict):
        say(f"✗ {path} n'est pas un fichier JSON d'un objet ; voyez samples/")
        raise SystemExit(2)
    return record


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/demo")
    parser.add_argument("--sign", action="store_true", help="signe tout seul, vérifie, et rend 0 ou 1")
    parser.add_argument("--record", metavar="FICHIER.json", help="votre propre fiche au lieu de l'exemple")
    options = parser.parse_args()
    called_from = Path(os.environ.get("DEMO_CALLED_FROM", "."))
    record = read_record(called_from / options.record) if options.record else None
    demo = Demo(new_folder())
    say("BAC À SABLE, SANS VALEUR : rien de ce qui est signé ici n'engage personne.")
    with running(demo):
        try:
            demo.start()
            created = demo.create(record)
            ended = demo.follow(created["id"], sign=options.sign)
        except KeyboardInterrupt:
            say("\nArrêté.")
            return 130
        status = conclude(demo, ended, from_airtable=record is None)
        if not options.sign:
            say("Tout reste ouvert : la page de suivi, la fiche, le Drive. Ctrl-C arrête tout.")
            with suppress(KeyboardInterrupt):
                signal.pause()
        return status


def conclude(demo: Demo, ended: dict[str, Any], *, from_airtable: bool) -> int:
    if ended["state"] != "archived":
        say(f"✗ La convention s'est terminée dans l'état « {ended['state']} ».")
        if problem := ended.get("problem"):
            tell_problem(problem)
        say(f"  Le détail est dans {demo.log}")
        return 1
    for copy in ended["archives"]:
        say(f"  {copy['archive']} : {copy['path']}")
    faults = demo.verify(ended, from_airtable=from_airtable)
    for fault in faults:
        say(f"✗ {fault}")
    if not faults:
        say("✓ Vérifié : signature intacte et reconnue, même document que celui envoyé, preuve à côté.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
