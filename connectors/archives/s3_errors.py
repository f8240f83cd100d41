"""What an S3 store's refusals mean and what a person must do.

Codes of S3's error reference (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). S3 itself has no
quota: the codes of _FULL are those of Ceph and MinIO, and which of them a French host answers is
UNCONFIRMED; status 507 is taken likewise.
"""

from __future__ import annotations

from domain.errors import ParapheError, Permanent, Retryable

SETTING = "PARAPHE_S3"
LEAST_RIGHTS = (
    "droits s3:PutObject, s3:PutObjectRetention, s3:AbortMultipartUpload, s3:GetObject, s3:GetObjectVersion, "
    "s3:ListBucket et s3:GetBucketObjectLockConfiguration, rien de plus"
)
_BUSY = {"SlowDown", "Throttling", "ThrottlingException", "TooManyRequests", "RequestLimitExceeded"}
_FULL = {"QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"}
_CREDENTIALS = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken"}
_CLOCK = {"RequestTimeTooSkewed", "RequestExpired"}
_ELSEWHERE = {"AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException"}


def refusal(named: str, number: int, retry_after: str) -> ParapheError:
    """From S3's code, the status and the header ``Retry-After`` ("" when there is none). S3's own message may
    hold the object's name, so the client's: it is not taken."""
    if number == 429 or named in _BUSY or (number == 503 and named not in _FULL):
        return Retryable(
            "s3_busy",
            "Le stockage objet demande de patienter : nouvel essai automatique.",
            _asked_wait(retry_after),
        )
    if named in _FULL or number == 507:
        return Permanent(
            "s3_quota",
            "Le stockage objet n'a plus de place ou a atteint son quota : augmentez-le, puis relancez.",
        )
    lost = not named or named.isdigit()  # an answer without S3's own words: cut short, or not from S3
    if lost or number >= 500 or named in ("RequestTimeout", "OperationAborted") or number == 408:
        return unreachable()
    return _refused_for(named, number)


def _refused_for(named: str, number: int) -> Permanent:
    if named in _CLOCK:
        return Permanent(
            "s3_clock",
            "Le stockage objet refuse l'heure du serveur : remettez son horloge à l'heure (NTP), puis "
            "relancez.",
        )
    if named in _CREDENTIALS or number == 401:
        return Permanent(
            "s3_unauthorised",
            f"Le stockage objet refuse la clé d'accès : vérifiez {SETTING}_ACCESS_KEY_ID et "
            f"{SETTING}_SECRET_ACCESS_KEY, ou créez une nouvelle clé.",
        )
    if named in _ELSEWHERE or 300 <= number < 400:
        return Permanent(
            "s3_region",
            "Le compartiment est dans une autre région : vérifiez "
            f"{SETTING}_ENDPOINT_URL et {SETTING}_REGION.",
        )
    if named == "NoSuchBucket":
        return Permanent(
            "s3_bucket_missing",
            f"Le compartiment n'existe pas : vérifiez {SETTING}_BUCKET et {SETTING}_ENDPOINT_URL.",
        )
    if number == 403:
        return Permanent(
            "s3_forbidden", f"Le stockage objet refuse l'accès : donnez à la clé les {LEAST_RIGHTS}."
        )
    return Permanent(
        "s3_refused",
        f"Le stockage objet a refusé la demande (réponse {number}) : vérifiez les réglages {SETTING}_...",
    )


def unsendable() -> Permanent:
    return Permanent(
        "s3_refused", f"La demande au stockage objet ne peut pas partir : vérifiez les réglages {SETTING}_..."
    )


def unreachable() -> Retryable:
    return Retryable(
        "s3_unreachable",
        "Le stockage objet ne répond pas comme il faut : nouvel essai automatique ; si cela dure, vérifiez "
        f"{SETTING}_ENDPOINT_URL.",
    )


def damaged() -> Retryable:
    return Retryable(
        "s3_damaged",
        "La copie relue dans le stockage objet diffère de celle envoyée : elle sera déposée de nouveau, sous "
        "un autre nom.",
    )


def unsettled() -> Retryable:
    return Retryable(
        "s3_unsettled",
        "Le stockage objet ne montre pas encore ce qui y est déposé : nouvel essai automatique.",
    )


def _asked_wait(header: str) -> float | None:
    return min(max(float(header[:9]), 1.0), 3600.0) if header.isascii() and header.isdigit() else None
