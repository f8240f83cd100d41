"""The shapes of what the hub checked of an agreement: mentions, warnings, the level of its signature.

The other shapes are in ``shapes``, which says how they are kept true."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from domain import mentions
from domain.signature import Authentication, Level


def says(text: str) -> Any:
    return Field(description=text)


Code = Annotated[str, says("nom stable, anglais : c'est lui qu'un scénario doit lire")]
Detail = Annotated[str, says("ce qui ne va pas et que faire, en français")]

MentionId = Annotated[str, says("nom stable de la mention")]
Checked = Annotated[int, says("combien de mentions ont été cherchées")]


class EventMentions(TypedDict):
    blocking: Annotated[list[MentionId], says("ce qui empêche l'envoi")]
    warnings: Annotated[list[MentionId], says("ce qui est à relire, sans empêcher l'envoi")]
    checked: Checked


class WrongMention(TypedDict):
    id: MentionId
    label: Annotated[str, says("la mention, en français")]
    article: Annotated[str, says("les textes qui la demandent")]
    status: Annotated[mentions.Status, says("ce qui ne va pas")]
    fix: NotRequired[Annotated[str, says("que faire, si c'est un réglage qui manque")]]


class Mentions(TypedDict):
    blocking: Annotated[list[WrongMention], says("ce qui empêche l'envoi")]
    warnings: Annotated[list[WrongMention], says("ce qui est à relire, sans empêcher l'envoi")]
    checked: Checked


class MentionLine(WrongMention):
    applies: Annotated[bool, says("vrai : cette convention doit la porter, ou ne doit pas la contenir")]
    present: Annotated[bool, says("vrai : sa clause est dans le document")]
    severity: Annotated[mentions.Severity, says("blocking : son défaut empêche l'envoi")]
    where: NotRequired[Annotated[int, says("rang de la clause dans le document, à partir de 1")]]


class MentionReport(TypedDict):
    checked_on: Annotated[date, says("jour où les textes de loi ont été vérifiés pour la dernière fois")]
    method: Annotated[mentions.Method, says("blocks : clauses nommées ; text : texte d'un PDF fait ailleurs")]
    items: Annotated[list[MentionLine], says("toutes les mentions que le hub connaît")]


class PreviewMentions(EventMentions, MentionReport):
    """With what is wrong by id."""


class Warned(TypedDict):
    path: Annotated[str, says("le champ en cause")]
    code: Code
    detail: Annotated[str, says("ce que l'avocat doit regarder avant d'envoyer")]


class Advice(TypedDict):
    level: Annotated[Level, says("le niveau conseillé")]
    authentication: Annotated[Authentication, says("la vérification conseillée")]
    rule: Annotated[int, says("rang de la règle qui s'applique, parmi les huit")]
    reason: Annotated[str, says("pourquoi")]
    suggestion: NotRequired[Annotated[Level, says("un niveau supérieur, que l'avocat peut préférer")]]
    chosen: Annotated[Level, says("le niveau retenu : celui de la signature")]
    lowered: Annotated[bool, says("vrai : le niveau retenu est inférieur au conseil")]
    level_reason: NotRequired[Annotated[str, says("pourquoi il est inférieur ; jamais dans un événement")]]
