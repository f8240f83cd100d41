"""Where a signed convention is filed: folder and file names that every store takes as they are.

The rules are the strictest of Google Drive, Microsoft 365, Windows and POSIX together, so that one name
serves everywhere (sources-and-storage 5.9). Pure: nothing here touches a disk.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
DEFAULT_PATTERN = "/Conventions/{annee}/{mois}/{client}_{date}_{dossier}.pdf"
PLACEHOLDERS = frozenset({"annee", "mois", "client", "date", "dossier"})

MAX_STEM_BYTES = 200  # of 255, so that every suffix fits
MAX_DOSSIER_BYTES = 60
MAX_FOLDER_CLIENT_BYTES = 40
MAX_PATH_CHARACTERS = 400  # Microsoft 365, decoded
MAX_LITERAL_BYTES = 60
MAX_FOLDERS = 6

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_FORBIDDEN = re.compile(r'["*:<>?/\\|#%_~{}]+')  # "_" separates the parts of the pattern, "~" marks a digest
_SUFFIX = re.compile(r"[a-z0-9_-]{0,24}(\.[a-z0-9]{1,8})?")
_DEVICES = r"con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]"
_RESERVED_BASE = re.compile(rf"(?:{_DEVICES})\Z", re.IGNORECASE)
_RESERVED_WHOLE = frozenset({".lock", "desktop.ini", "forms"})


def check_pattern(pattern: str) -> None:
    """Raise ValueError (French) unless ``pattern`` always gives a safe path.

    It must end in ``{dossier}``'s own file (two dossiers never share a name) and in ``.pdf``.
    """
    segments = _segments(pattern)
    if len(segments) - 1 > MAX_FOLDERS:
        raise ValueError(f"le modèle de rangement compte plus de {MAX_FOLDERS} dossiers ; retirez-en")
    if not segments[-1].endswith(".pdf"):
        raise ValueError("le modèle de rangement doit finir par un nom de fichier en « .pdf »")
    if "{dossier}" not in segments[-1]:
        raise ValueError(
            "le nom de fichier du modèle de rangement doit contenir {dossier}, sinon deux dossiers "
            "pourraient porter le même nom"
        )
    for segment in segments:
        _check_segment(segment)
    longest = _fill(segments, "x" * 300, datetime(2026, 12, 15, 12, tzinfo=PARIS), "9" * 300)
    if len("/".join(longest)) + 40 > MAX_PATH_CHARACTERS:
        raise ValueError("le modèle de rangement donne des chemins trop longs ; raccourcissez-le")


def archive_path(
    pattern: str, client_name: str, signed_at: datetime, dossier: str, suffix: str = ""
) -> tuple[tuple[str, ...], str]:
    """The folders and the file name of a convention signed at ``signed_at`` (aware).

    ``suffix`` replaces ``.pdf``: ``_preuve`` or ``_preuve.pdf`` gives ``..._preuve.pdf``, ``_preuve.json``
    gives ``..._preuve.json``. The year, month and date are those of Paris. Raises ValueError (French) for
    a wrong pattern, a wrong suffix or a naive time; no client name and no file number can make it fail.
    """
    check_pattern(pattern)
    if signed_at.tzinfo is None:
        raise ValueError("la date de signature doit porter son fuseau horaire")
    if not _SUFFIX.fullmatch(suffix):
        raise ValueError(
            "le suffixe d'un nom de fichier ne prend que a-z, 0-9, « - », « _ » et une extension"
        )
    *folders, name = _fill(_segments(pattern), client_name, signed_at.astimezone(PARIS), dossier)
    extension = "" if "." in suffix else ".pdf"
    return tuple(folders), name.removesuffix(".pdf") + suffix + extension


def safe(text: str, fallback: str, max_bytes: int) -> str:
    """``text`` as a part of a name, at most ``max_bytes`` in UTF-8; ``fallback`` if nothing is left."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
    spaced = re.sub(r"\s+", " ", composed)
    visible = "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cf", "Cn", "Co"})
    dashed = re.sub(r"-{2,}", "-", _FORBIDDEN.sub("-", visible))
    # Removing an invisible character may bring a letter and its accent together: compose again.
    tidy = re.sub(r" {2,}", " ", unicodedata.normalize("NFC", _trim(dashed)))
    kept = _trim(_truncate(tidy, max_bytes)) or fallback
    return f"{kept}-" if kept.casefold() == "vti" else kept  # Microsoft 365 refuses "_vti_" anywhere


def safe_dossier(dossier: str) -> str:
    """The file number as a part of a name; a digest marks every number that had to be changed.

    Without it ``2026/04`` and ``2026-04`` would share a name, and so would ``d1`` and ``D1`` on the stores
    that ignore case. ``~`` never stands in an unchanged number, so a marked one cannot be imitated.
    """
    name = safe(dossier, "", MAX_DOSSIER_BYTES)
    if name == dossier and name == dossier.upper() and name:
        return name
    digest = hashlib.sha256(dossier.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{safe(dossier, 'Dossier', MAX_DOSSIER_BYTES - 13)}~{digest}"


def is_reserved(segment: str) -> bool:
    """Whether Windows keeps the name for a device, or Microsoft 365 for itself."""
    return _unreserved(segment) != segment


def _segments(pattern: str) -> list[str]:
    return pattern.removeprefix("/").split("/")


def _check_segment(segment: str) -> None:
    for name in _PLACEHOLDER.findall(segment):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{one}}}" for one in sorted(PLACEHOLDERS))
            raise ValueError(
                f"le modèle de rangement contient {{{name}}}, qui n'existe pas ; connus : {known}"
            )
    literal = _PLACEHOLDER.sub("", segment)
    sample = _PLACEHOLDER.sub("x", segment)
    if not segment or sample.strip(" .") != sample or sample.startswith("~"):
        raise ValueError(
            "un dossier ou un fichier du modèle de rangement est vide, ou commence ou finit par un point, "
            "une espace ou « ~ »"
        )
    unsafe = _FORBIDDEN.sub("", literal.replace("_", "")) != literal.replace("_", "")
    invisible = any(unicodedata.category(char)[0] == "C" for char in literal)
    if unsafe or invisible or not unicodedata.is_normalized("NFC", literal) or "_vti_" in literal:
        raise ValueError(
            "le modèle de rangement contient un caractère qu'un des stockages refuse ; "
            "restez aux lettres, chiffres, espaces, « - », « _ » et « . »"
        )
    if len(literal.encode()) > MAX_LITERAL_BYTES:
        raise ValueError(
            "un dossier ou un fichier du modèle de rangement a un nom trop long ; raccourcissez-le"
        )


def _fill(segments: list[str], client_name: str, signed_at: datetime, dossier: str) -> list[str]:
    values = {
        "annee": f"{signed_at.year:04d}",
        "mois": f"{signed_at.month:02d}",
        "date": signed_at.date().isoformat(),
        "dossier": safe_dossier(dossier),
    }
    folder_client = safe(client_name, "Client", MAX_FOLDER_CLIENT_BYTES)
    folders = [_unreserved(_replace(one, {**values, "client": folder_client})) for one in segments[:-1]]
    without_client = _replace(segments[-1], {**values, "client": ""})
    places = max(1, segments[-1].count("{client}"))
    room = (MAX_STEM_BYTES - len(without_client.encode())) // places
    name_client = safe(client_name, "Client", room)
    return [*folders, _unreserved(_replace(segments[-1], {**values, "client": name_client}))]


def _replace(segment: str, values: dict[str, str]) -> str:
    return unicodedata.normalize("NFC", _PLACEHOLDER.sub(lambda found: values[found.group(1)], segment))


def _unreserved(segment: str) -> str:
    """Windows reserves devices' names whatever follows the first dot; Microsoft 365, some whole names."""
    base, dot, rest = segment.partition(".")
    if _RESERVED_BASE.match(base.strip()):
        return f"{base.strip()}-{dot}{rest}"
    if segment.casefold() in _RESERVED_WHOLE:
        return f"{segment}-"
    return segment


def _trim(text: str) -> str:
    """Without spaces, dots and dashes at either end, nor an accent that has no letter before it."""
    while text and (text[0] in " .-" or unicodedata.category(text[0]).startswith("M")):
        text = text[1:]
    return text.rstrip(" .-")


def _truncate(text: str, max_bytes: int) -> str:
    """The longest beginning that fits and does not part a letter from its combining accents."""
    if len(text.encode()) <= max_bytes:
        return text
    kept = text.encode()[:max_bytes].decode("utf-8", "ignore")
    follows = text[len(kept)]
    while kept and unicodedata.category(follows).startswith("M"):
        follows, kept = kept[-1], kept[:-1]
    return kept
