"""The shapes of the hub's answers and events, for the reference: what a caller may rely on.

Answers are written by ``handlers/views.py`` and ``store/views.py``; the tests hold real ones against
these shapes. A field that may be absent is ``NotRequired``, never null. Descriptions are French."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import AwareDatetime, Field
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from domain.lifecycle import State
from domain.signature import Order, SignerStatus
from domain.steps import StepKind
from handlers.shapes_checks import (
    Advice,
    Code,
    Detail,
    EventMentions,
    Mentions,
    PreviewMentions,
    Warned,
    says,
)

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="empreinte SHA-256, en hexadécimal")]


class Fault(TypedDict):
    path: Annotated[str, says("le champ en défaut, pointé : client.email")]
    code: Code
    detail: Detail


Faults = Annotated[list[Fault], says("un élément par champ en défaut")]


class Problem(TypedDict):
    type: Annotated[str, says("adresse de l'explication, dans la documentation")]
    title: Annotated[str, says("le nom anglais du statut HTTP")]
    status: Annotated[int, says("le statut HTTP")]
    detail: Detail
    code: Code
    request_id: Annotated[str, says("à donner à qui exploite le hub")]
    retryable: Annotated[bool, says("vrai : la même requête peut réussir plus tard")]
    errors: NotRequired[Faults]
    convention: NotRequired[Annotated[str, says("la convention en cause, s'il y en a une")]]
    step: NotRequired[Annotated[StepKind, says("l'étape qui a échoué, s'il y en a une")]]


class EventSigner(TypedDict):
    key: Annotated[str, says("s1, s2… : le rang du signataire")]
    role: Annotated[str, says("client, co_contractant, representant_legal, garant ou avocat")]
    status: Annotated[SignerStatus, says("où en est ce signataire")]
    signed_at: NotRequired[Annotated[AwareDatetime, says("quand il a signé")]]


class Signer(EventSigner):
    name: Annotated[str, says("prénom et nom ; jamais dans un événement")]
    link: NotRequired[Annotated[str, says("son lien de signature, tant qu'il n'a pas signé")]]


class EventCopy(TypedDict):
    archive: Annotated[str, says("nom de l'archive")]
    kind: Annotated[str, says("signed, proof_pdf ou proof_json")]
    sha256: Sha256
    verified_at: Annotated[AwareDatetime, says("quand le fichier a été relu dans l'archive")]
    state: NotRequired[
        Annotated[Literal["missing", "lost"], says("absent : le fichier est là ; lost : aucun bon ne reste")]
    ]


class Copy(EventCopy):
    path: Annotated[str, says("chemin du fichier ; jamais dans un événement")]
    link: NotRequired[Annotated[str, says("adresse où l'ouvrir, si l'archive en donne une")]]


class File(TypedDict):
    kind: Annotated[Literal["rendered", "signed", "proof_pdf", "proof_json"], says("quel document")]
    media_type: Annotated[str, says("type de contenu")]
    size: Annotated[int, says("taille en octets")]
    sha256: Sha256
    url: Annotated[str, says("adresse où le télécharger, avec la clé")]


class Links(TypedDict):
    self: Annotated[str, says("cette convention")]
    follow: Annotated[str, says("sa page de suivi, pour une personne : le lien vaut accès")]
    journal: Annotated[str, says("ce qui lui est arrivé")]


class StepProblem(TypedDict):
    step: Annotated[StepKind, says("l'étape qui a échoué")]
    code: Code
    detail: Detail
    errors: NotRequired[Faults]


class Retrying(StepProblem):
    attempts: Annotated[int, says("essais déjà faits")]
    next_try: Annotated[AwareDatetime, says("prochain essai automatique")]


class PreviewDocument(TypedDict):
    media_type: Annotated[str, says("application/pdf")]
    size: Annotated[int, says("taille en octets")]
    sha256: Sha256
    content: Annotated[str, says("le PDF, en base64")]


class PreviewSigner(TypedDict):
    key: Annotated[str, says("s1, s2… : son rang")]
    role: Annotated[str, says("client, co_contractant, representant_legal, garant ou avocat")]
    name: Annotated[str, says("prénom et nom")]
    email: Annotated[str, says("l'adresse qui recevrait l'invitation")]
    phone: NotRequired[Annotated[str, says("le téléphone, au format international")]]


class Preview(TypedDict):
    version: Annotated[str, says("empreinte de la fiche telle qu'elle a été lue")]
    dossier: Annotated[str, says("numéro de dossier")]
    signers: Annotated[list[PreviewSigner], says("qui signerait, dans l'ordre")]
    order: Annotated[Order, says("sequential : chacun à son tour ; parallel : tous à la fois")]
    amounts: Annotated[list[str], says("ce qui est convenu, en quelques lignes")]
    pages: Annotated[int, says("nombre de pages du document")]
    template: Annotated[str, says("le modèle de document")]
    provider: Annotated[str, says("le prestataire de signature")]
    advice: Annotated[Advice, says("le niveau conseillé, celui qui serait demandé, et pourquoi")]
    warnings: Annotated[list[Warned], says("ce qui est à relire ; seul level_reason_missing empêche l'envoi")]
    archive_path: Annotated[str, says("où elle serait classée, signée aujourd'hui")]
    mentions: Annotated[PreviewMentions, says("les mentions obligatoires")]
    document: Annotated[PreviewDocument, says("le PDF")]


class PendingPreview(TypedDict):
    id: Annotated[str, says("identifiant de l'aperçu")]
    expires_at: Annotated[AwareDatetime, says("quand il sera oublié")]
    retrying: NotRequired[Annotated[StepProblem, says("ce qui a fait échouer le dernier essai")]]


class _Common(TypedDict):
    id: Annotated[str, says("identifiant de la convention")]
    state: Annotated[State, says("où elle en est")]
    dossier: NotRequired[Annotated[str, says("numéro de dossier, une fois la fiche lue")]]
    version: Annotated[int, says("1, puis 2… pour une version modifiée")]
    previous: NotRequired[Annotated[str, says("la version précédente")]]
    superseded_by: NotRequired[Annotated[str, says("la version qui la remplace")]]
    template: Annotated[str, says("le modèle de document")]
    provider: Annotated[str, says("le prestataire de signature")]
    external_id: NotRequired[Annotated[str, says("votre référence, telle que donnée")]]
    metadata: NotRequired[Annotated[dict[str, Any], says("vos données, telles que données")]]
    created_at: Annotated[AwareDatetime, says("demandée")]
    updated_at: Annotated[AwareDatetime, says("dernier changement")]
    sent_at: NotRequired[Annotated[AwareDatetime, says("envoyée à la signature")]]
    opened_at: NotRequired[Annotated[AwareDatetime, says("ouverte par un signataire")]]
    signed_at: NotRequired[Annotated[AwareDatetime, says("dernière signature, selon le prestataire")]]
    archived_at: NotRequired[Annotated[AwareDatetime, says("classée dans toutes ses archives")]]
    ended_at: NotRequired[Annotated[AwareDatetime, says("refusée, expirée, annulée ou remplacée")]]
    problem: NotRequired[Annotated[StepProblem, says("ce qui l'arrête, et que faire")]]


class EventData(_Common):
    signers: Annotated[list[EventSigner], says("sans nom ni lien")]
    mentions: NotRequired[Annotated[EventMentions, says("les mentions obligatoires, une fois rédigée")]]
    archives: Annotated[list[EventCopy], says("sans chemin ni lien")]
    signer: NotRequired[Annotated[str, says("le signataire en cause (signer_signed, reminded)")]]
    archive: NotRequired[Annotated[str, says("l'archive en cause (copy_repaired, copy_lost)")]]
    files: NotRequired[Annotated[list[str], says("ses fichiers en cause : signed, proof_pdf, proof_json")]]
    step: NotRequired[Annotated[StepKind, says("l'étape en cause (failed)")]]
    code: NotRequired[Code]


class Convention(_Common):
    signers: Annotated[list[Signer], says("qui doit signer")]
    mentions: NotRequired[Annotated[Mentions, says("les mentions obligatoires, une fois rédigée")]]
    advice: NotRequired[Annotated[Advice, says("le niveau de signature conseillé, et celui qui est retenu")]]
    warnings: NotRequired[Annotated[list[Warned], says("ce que l'avocat doit regarder dans la fiche")]]
    archives: Annotated[list[Copy], says("où les fichiers sont classés")]
    documents: Annotated[list[File], says("les fichiers que le hub détient")]
    links: Annotated[Links, says("où aller ensuite")]
    retrying: NotRequired[Annotated[list[Retrying], says("ce qui sera réessayé tout seul")]]
    replayed: NotRequired[Annotated[bool, says("vrai : cette demande avait déjà été faite")]]


class ConventionPage(TypedDict):
    items: Annotated[list[Convention], says("la plus récente d'abord")]
    cursor: NotRequired[Annotated[str, says("à redonner pour la page suivante ; absent : c'est la fin")]]


class Event(TypedDict):
    id: Annotated[str, says("le même à chaque essai : dédoublonnez dessus")]
    type: Annotated[str, says("convention.sent, convention.signed…")]
    timestamp: Annotated[AwareDatetime, says("quand cela s'est produit")]
    sequence: Annotated[int, says("rang dans la vie de la convention, à partir de 1")]
    data: Annotated[EventData, says("la convention, sans donnée personnelle")]


class Hook(TypedDict):
    id: Annotated[str, says("identifiant de l'abonnement")]
    events: Annotated[list[str], says("les événements voulus ; vide : tous")]
    created_at: Annotated[AwareDatetime, says("date de l'abonnement")]


class NewHook(Hook):
    secret: Annotated[str, says("secret de signature (whsec_…) ; il n'est donné qu'ici")]


class HookPage(TypedDict):
    items: Annotated[list[Hook], says("vos abonnements, sans leur adresse")]


class Key(TypedDict):
    id: Annotated[str, says("identifiant de la clé")]
    label: Annotated[str, says("son nom")]
    scopes: Annotated[list[str], says("ses droits")]
    sandbox: Annotated[bool, says("vrai : bac à sable, rien n'a de valeur")]


class Template(TypedDict):
    name: Annotated[str, says("à donner dans « template »")]
    title: Annotated[str, says("son titre, pour les personnes")]
    description: Annotated[str, says("à quoi il sert")]
    origin: Annotated[
        Literal["folder", "database", "shipped"],
        says("folder et database : ajouté par le cabinet ; shipped : fourni"),
    ]


class TemplatePage(TypedDict):
    items: Annotated[list[Template], says("les modèles installés")]


class RecordField(TypedDict):
    id: Annotated[str, says("le champ de la fiche, à donner dans « source.fields »")]
    title: Annotated[str, says("son nom pour les personnes")]
    column: Annotated[str, says("un nom de colonne habituel, reconnu aussi")]


class FieldPage(TypedDict):
    items: Annotated[list[RecordField], says("les champs d'une fiche")]


class Provider(TypedDict):
    name: Annotated[str, says("à donner dans « signature.provider »")]
    label: Annotated[str, says("son nom pour les personnes")]
    default: Annotated[bool, says("vrai : celui des nouvelles conventions")]


class ProviderPage(TypedDict):
    items: Annotated[list[Provider], says("les prestataires configurés")]


class JournalEntry(TypedDict):
    sequence: Annotated[int, says("rang, à partir de 1")]
    at: Annotated[AwareDatetime, says("quand")]
    actor: Annotated[str, says("hub, key:<id>, provider:<nom>, ou pe_… : une personne du cabinet")]
    action: Annotated[str, says("ce qui s'est passé")]
    details: Annotated[dict[str, Any], says("codes, identifiants et empreintes")]
    previous: Annotated[str, says("empreinte de l'entrée précédente")]
    hash: Annotated[str, says("empreinte de cette entrée, celle d'avant comprise")]


class Journal(TypedDict):
    items: Annotated[list[JournalEntry], says("de la première à la dernière")]
    intact: Annotated[bool, says("vrai : aucune entrée n'a été retirée ni changée")]
