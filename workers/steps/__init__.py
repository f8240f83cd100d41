"""The steps, one file each: ``run(runtime, claimed)`` acts outside, then ends the step and writes its
effects in one transaction (``runtime.finishing``). Every one of them can run twice."""

from __future__ import annotations

from collections.abc import Callable

from domain.steps import StepKind
from store.steps import Claimed
from workers.runtime import Runtime
from workers.steps import (
    archive,
    cancel,
    collect,
    deliver,
    fetch,
    follow,
    mail,
    preview,
    remind,
    render,
    send,
    trigger,
    verify,
    write_back,
)

STEPS: dict[StepKind, Callable[[Runtime, Claimed], None]] = {
    StepKind.FETCH: fetch.run,
    StepKind.RENDER: render.run,
    StepKind.SEND: send.run,
    StepKind.FOLLOW: follow.run,
    StepKind.COLLECT: collect.run,
    StepKind.ARCHIVE: archive.run,
    StepKind.VERIFY: verify.run,
    StepKind.WRITE_BACK: write_back.run,
    StepKind.REMIND: remind.run,
    StepKind.CANCEL: cancel.run,
    StepKind.DELIVER: deliver.run,
    StepKind.PREVIEW: preview.run,
    StepKind.MAIL: mail.run,
    StepKind.TRIGGER: trigger.run,
}
