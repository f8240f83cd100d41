"""What can be wrong with a template: one stable code, one French sentence for the person who wrote it."""

from __future__ import annotations

from domain.errors import FieldError

DETAILS = {
    # the file
    "template_unreadable": "Ce fichier n'est pas un document Word lisible : enregistrez-le au format .docx.",
    "template_encrypted": (
        "Ce fichier est protégé par un mot de passe, ou au format .doc : enregistrez-le en .docx sans mot "
        "de passe."
    ),
    "template_too_large": "Ce modèle est trop volumineux : réduisez ses images et simplifiez-le.",
    "template_xml_refused": (
        "Ce modèle contient du XML endommagé ou dangereux : ouvrez-le dans Word et enregistrez-le à nouveau."
    ),
    "template_macro": "Ce modèle contient des macros : enregistrez-le au format .docx, sans macro.",
    "template_embedded_object": (
        "Ce modèle incorpore un objet ou un autre document : remplacez-le par du texte ou une image."
    ),
    "template_external_link": (
        "Ce modèle dépend d'un fichier extérieur (image liée, modèle joint...) : incorporez-le ou "
        "supprimez le lien."
    ),
    "template_revisions": (
        "Ce modèle contient des modifications suivies : acceptez-les ou refusez-les dans Word."
    ),
    "template_field_refused": (
        "Ce modèle contient un champ Word qui n'est pas permis : gardez les numéros de page, les renvois "
        "et la table des matières."
    ),
    "template_hidden_text": "Ce modèle contient du texte masqué : rendez-le visible ou supprimez-le.",
    "template_structure": (
        "Une fois rempli, ce modèle ne donne pas un document Word valide : vérifiez que chaque {%p if %} "
        "et {%p for %} commence et finit au même niveau."
    ),
    # its tags
    "tag_misplaced": "Une balise est placée hors du texte courant : déplacez-la dans un paragraphe.",
    "tag_unclosed": (
        "Une balise n'est pas fermée ou s'étend sur plusieurs paragraphes : écrivez {{ nom }} d'un seul "
        "tenant."
    ),
    "tag_unsupported": "Une balise n'est pas permise : seuls {{ nom }}, {% if %} et {% for %} le sont.",
    "tag_not_alone": (
        "Une balise {%p ou {%tr doit être seule dans son paragraphe ou dans sa ligne : le reste serait "
        "effacé."
    ),
    "tag_syntax": "Une balise est mal écrite, ou un {% if %} ou un {% for %} n'est pas fermé.",
    "tag_code": (
        "Une balise contient du code (appel, calcul, filtre inconnu...) : seuls les noms de la liste des "
        "variables sont permis."
    ),
    "variable_unknown": (
        "La variable {name} n'existe pas : vérifiez son orthographe dans la liste des variables."
    ),
    "variable_not_a_list": "Une boucle {% for %} porte sur une variable qui n'est pas une liste.",
    "variable_not_printable": "Une balise imprime un groupe ou une liste : choisissez un de ses noms.",
    "leftover_placeholder": (
        "Le modèle contient un passage resté à remplir (« [●] », « XXX », « à compléter »)."
    ),
    # its clauses
    "manifest_unreadable": "La fiche .toml de ce modèle est absente ou mal écrite.",
    "block_missing": (
        "Une clause annoncée par la fiche du modèle n'y est pas : remettez son contrôle de contenu."
    ),
    "block_unknown": (
        "Une clause du modèle n'est pas annoncée par sa fiche : ajoutez son identifiant à la fiche."
    ),
    "block_bound": "Un contrôle de contenu est lié à une source de données : supprimez cette liaison.",
}


def fault(part: str, code: str, name: str = "") -> FieldError:
    """``part`` is the part of the file; ``name`` the variable, where there is one to name."""
    return FieldError(path=part, code=code, detail=DETAILS[code].replace("{name}", name))


class RefusedError(Exception):
    """The file cannot even be opened safely: one fault says why."""

    def __init__(self, code: str, part: str = "") -> None:
        super().__init__(code)
        self.fault = fault(part, code)
