"""The tables, one file for each matter. Personal fields and documents are sealed (``store.columns``)."""

from store.models.base import Base
from store.models.conventions import (
    ApiKey,
    ArchiveCopy,
    CallbackRow,
    Claim,
    Convention,
    Document,
    EventRow,
    Hook,
    JournalRow,
    Preview,
    Replay,
    RestoreTest,
    SignerRow,
    Step,
    TemplateRow,
    TokenRow,
    Turn,
)
from store.models.people import (
    Button,
    ButtonUse,
    Mail,
    Person,
    PersonSession,
    SignInLink,
)
from store.models.watches import (
    Started,
    Watch,
)

__all__ = [
    "ApiKey",
    "ArchiveCopy",
    "Base",
    "Button",
    "ButtonUse",
    "CallbackRow",
    "Claim",
    "Convention",
    "Document",
    "EventRow",
    "Hook",
    "JournalRow",
    "Mail",
    "Person",
    "PersonSession",
    "Preview",
    "Replay",
    "RestoreTest",
    "SignInLink",
    "SignerRow",
    "Started",
    "Step",
    "TemplateRow",
    "TokenRow",
    "Turn",
    "Watch",
]
