"""The scenarios up to the signature: nominal, several signers, change, cancel, reminders, devices.

Each takes the stage and its notes, and returns one French sentence of what was seen.
"""

from __future__ import annotations

from typing import Any

from documents.pdf import compact, inspect
from domain.lifecycle import State
from domain.signature import INVITED, Order, RequestStatus
from rehearsal import browsing
from rehearsal.browsing import DESKTOP, PHONE, Device
from rehearsal.hands import ROLES, keys_of, require_signed, signer_of
from rehearsal.outcome import ByHand, Failed, Notes
from rehearsal.records import ALONE, COUPLE
from rehearsal.scratch import REMINDED, told
from rehearsal.stage import RESUMED_PATH, SIGNED_PATH, Stage

_DAY = 24.0
_CORRECTED = "Premier projet quatre semaines après réception des pièces (version corrigée)."


def nominal(stage: Stage, notes: Notes) -> str:
    """Whoever follows the billing subscribes first, as a firm does."""
    hub, events = stage.hub, ["convention.signed", "convention.archived"]
    hook = hub.post("/v1/hooks", {"url": stage.billing.url + SIGNED_PATH, "events": events})
    stage.hook_secret = hook["secret"]
    resumed = {"resume_url": stage.billing.url + RESUMED_PATH, "resume_at": "end"}
    stage.nominal = convention = hub.create(stage.record(ALONE), **resumed)
    shown = hub.shown(convention)
    notes.check(
        not shown["mentions"]["blocking"],
        f"fiche lue, convention rédigée : {shown['mentions']['checked']} mentions cherchées, toutes là",
        "Il manque une mention obligatoire à la convention.",
        "Complétez le modèle ou les réglages PARAPHE_CABINET_….",
    )
    notes.seen(f"envoyée à {len(shown['signers'])} signataires")
    for key in keys_of(shown):
        stage.hands.sign(hub, convention, key)
    hub.carry(convention, State.ARCHIVED)
    notes.seen("signée par tous ; fichier et preuve récupérés, vérifiés et classés")
    return (
        "De la fiche au classement : rédigée, envoyée, signée par tous, vérifiée et classée avec sa preuve."
    )


def several_signers(stage: Stage, notes: Notes) -> str:
    hub = stage.hub
    convention = hub.create(stage.record(COUPLE), Order.SEQUENTIAL.value)
    keys = keys_of(hub.shown(convention))
    notes.check(len(keys) == 3, "deux clients et l'avocat attendus", "Il n'y a pas trois signataires.")
    for rank, key in enumerate(keys):
        shown = hub.shown(convention)
        invited = [s["key"] for s in shown["signers"] if s["status"] in INVITED]
        role = signer_of(shown, key)["role"]
        notes.check(
            invited == [key],
            f"à son tour, et seul invité : {ROLES.get(role, role)} ({rank + 1} sur {len(keys)})",
            "L'ordre de signature n'est pas tenu : ce n'est pas le signataire suivant, seul, qui est invité.",
            "Vérifiez l'ordre des signatures (PARAPHE_ORDER) et les options de votre contrat.",
        )
        stage.hands.sign(hub, convention, key)
    hub.carry(convention, State.ARCHIVED)
    return "Deux clients puis l'avocat ont signé l'un après l'autre, chacun invité seulement à son tour."


def change_after_sending(stage: Stage, notes: Notes) -> str:
    hub = stage.hub
    old = hub.create(stage.record(ALONE))
    old_ref = hub.row(old).provider_ref or ""
    answer = hub.post(f"/v1/conventions/{old}/amend", {"fields": {"Calendrier": _CORRECTED}})
    new = answer["id"]
    hub.made.append(new)
    shown = hub.carry(new, State.SENT)
    notes.check(
        shown["version"] == 2 and shown.get("previous") == old,
        "nouvelle version 2, liée à la première",
        "La nouvelle version n'est pas liée à la première.",
    )
    hub.carry(old, State.SUPERSEDED)
    notes.seen("la première est dite remplacée")
    _require_cancelled(stage, notes, old_ref, "première")
    notes.check(
        hub.row(new).provider_ref not in (None, old_ref),
        "nouvelle demande de signature chez le prestataire",
        "La nouvelle version n'a pas de demande de signature à elle.",
    )
    text = inspect(hub.get(f"/v1/conventions/{new}/document").data).text
    notes.check(
        compact(_CORRECTED) in compact(text),
        "la correction est imprimée dans la nouvelle version",
        "La correction n'est pas dans le document de la nouvelle version.",
        "Vérifiez que votre modèle imprime le calendrier de la mission.",
    )
    return "Corrigée après l'envoi : l'ancienne demande est annulée, la version 2 est devant ses signataires."


def cancel(stage: Stage, notes: Notes) -> str:
    hub = stage.hub
    convention = hub.create(stage.record(ALONE))
    hub.post(f"/v1/conventions/{convention}/cancel")
    hub.carry(convention, State.CANCELLED)
    notes.seen("la convention est dite annulée")
    _require_cancelled(stage, notes, hub.row(convention).provider_ref or "", "")
    return "Annulée avant la signature, au hub comme chez le prestataire."


def reminders(stage: Stage, notes: Notes) -> str:
    """The hub's clock is moved; the reminder itself is the provider's real one. What earlier scenarios left
    before signers goes first: they are not to be reminded."""
    hub = stage.hub
    stage.tidy()
    convention = hub.create(stage.record(ALONE))
    with hub.later(_DAY - 1):
        hub.tick()
    _require_reminded(stage, notes, convention, 0, "aucune relance le premier jour")
    apart = hub.provider.capabilities.minutes_between_reminders
    tried = REMINDED[:1] if apart else REMINDED
    for number, day in enumerate(tried, 1):
        with hub.later(day * _DAY + 1):
            hub.tick()
        _require_reminded(
            stage, notes, convention, number, f"à J+{day}, une relance acceptée par le prestataire"
        )
    hub.post(f"/v1/conventions/{convention}/cancel")
    hub.carry(convention, State.CANCELLED)
    with hub.later(7 * _DAY + 1):
        hub.tick()
    _require_reminded(stage, notes, convention, len(tried), "plus aucune une fois la convention terminée")
    seen = "Relances à J+1 et J+3 parties une fois chacune, au seul signataire attendu (horloge avancée)."
    if apart:
        seen = (
            "Relance à J+1 partie une fois, au seul signataire attendu (horloge avancée). Ce prestataire "
            f"n'en accepte pas deux en {apart} minutes : celle de J+3 se constate à J+3."
        )
    if set(REMINDED) <= set(stage.firm_days):
        return seen
    days = ", ".join(f"J+{day}" for day in stage.firm_days) or "aucune relance"
    return f"{seen} Vos réglages (PARAPHE_REMINDER_DAYS) prévoient : {days}."


def phone(stage: Stage, notes: Notes) -> str:
    return _on_device(stage, notes, PHONE, 0)


def desktop(stage: Stage, notes: Notes) -> str:
    return _on_device(stage, notes, DESKTOP, -1)


def _on_device(stage: Stage, notes: Notes, device: Device, position: int) -> str:
    """The client signs on a telephone and the lawyer at a desk, one convention for both."""
    hub = stage.hub
    if stage.devices is None:
        stage.devices = hub.create(stage.record(ALONE), Order.PARALLEL.value)
    convention = stage.devices
    shown = hub.shown(convention)
    key = keys_of(shown)[position]
    page = hub.get(hub.follow_path(convention), **{"User-Agent": device.agent, "Accept": "text/html"})
    browsing.require_readable(page.text, hub.settings.core.public_url, "La page de suivi", device)
    notes.check(
        page.status_code == 200,
        "page de suivi : s'ouvre, se dit adaptée à la largeur de l'écran, en français, sans JavaScript",
        "La page de suivi ne s'ouvre pas.",
        "Voyez le journal technique, puis rejouez la répétition.",
    )
    if stage.stand_in is None:
        stage.hands.sign(hub, convention, key)
        raise ByHand(f"Signée ; que ce soit sur un {device.name}, vous seul l'avez vu : notez-le.")
    link = _link(stage, shown, convention, key)
    notes.check(bool(link), "lien de signature reçu", "Le prestataire n'a donné aucun lien de signature.")
    pages = browsing.sign(link, device)
    require_signed(hub, convention, key)
    notes.seen(
        f"lien suivi et signé en {pages} pages, par leurs seuls formulaires ; chacune vérifiée de même"
    )
    return (
        f"Lien ouvert et signé comme le fait le navigateur d'un {device.name}. L'aspect à l'écran n'a pas "
        "été regardé : ouvrez un lien vous-même une fois."
    )


def _link(stage: Stage, shown: dict[str, Any], convention: str, key: str) -> str:
    given = signer_of(shown, key).get("link")
    if given or stage.stand_in is None:
        return str(given or "")
    ref = stage.hub.row(convention).provider_ref or ""
    return stage.stand_in.link(ref, keys_of(shown).index(key)) or ""


def _require_cancelled(stage: Stage, notes: Notes, ref: str, which: str) -> None:
    status = stage.hub.provider.progress(ref).status
    notes.check(
        status is RequestStatus.CANCELLED,
        f"{which or 'demande'}{' demande' if which else ''} annulée chez le prestataire, qui le confirme",
        "Le prestataire ne dit pas cette demande annulée.",
        "Annulez-la dans son espace, puis voyez le journal technique.",
    )


def _require_reminded(stage: Stage, notes: Notes, convention: str, count: int, checked: str) -> None:
    events = stage.hub.get("/v1/events?type=convention.reminded&limit=500").get_json()
    seen = sum(event["data"]["id"] == convention for event in events)
    shown = stage.hub.shown(convention)
    if seen < count and (trouble := shown.get("problem") or next(iter(shown.get("retrying", [])), None)):
        raise Failed(*told(trouble))
    notes.check(
        seen == count,
        checked,
        f"{seen} relance(s) au lieu de {count}.",
        "Voyez le journal technique, joint au rapport, puis rejouez la répétition.",
    )
