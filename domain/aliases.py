"""Column names as firms write them, by the field they mean.

Case, accents, spaces and punctuation do not count: ``E-mail``, ``e mail`` and ``EMAIL`` are one. The first
name of each list is the one that error messages suggest. A firm's mapping comes before this table.
"""

from __future__ import annotations

from collections.abc import Mapping

ALIASES: Mapping[str, tuple[str, ...]] = {
    "dossier.numero": (
        "N° dossier", "No dossier", "Numéro de dossier", "Numéro dossier", "Num dossier", "N° de dossier",
        "Référence dossier", "Réf dossier", "Dossier", "Dossier numéro",
    ),
    "dossier.intitule": ("Intitulé", "Intitulé du dossier", "Nom du dossier", "Dossier intitulé"),
    "dossier.sensible": ("Sensible", "Dossier sensible", "Médiatique", "Sensible ou médiatique"),
    "dossier.contentieux_probable": ("Contentieux probable", "Contentieux prévisible"),
    "client.type": ("Type de client", "Type client", "Client type"),
    "client.qualite": ("Qualité", "Qualité du client", "Qualité client", "Client qualité"),
    "client.civilite": ("Civilité", "Civ", "Civilité du client", "Civilité client", "Client civilité"),
    "client.prenoms": (
        "Prénom", "Prénoms", "Prénom du client", "Prénom client", "Client prénom",
        "Client prénoms", "First name",
    ),
    "client.nom": (
        "Nom", "Nom de famille", "Nom d'usage", "Nom du client", "Nom client", "Client nom", "Last name",
    ),
    "client.email": (
        "E-mail", "Mail", "Courriel", "Adresse e-mail", "Adresse mail", "Adresse courriel",
        "Adresse électronique", "E-mail du client", "Mail du client", "E-mail client", "Mail client",
        "Client e-mail", "Client mail", "Courriel du client", "Courriel client", "Client courriel",
    ),
    "client.telephone": (
        "Téléphone", "Tél", "Portable", "Mobile", "Téléphone portable", "Téléphone mobile", "Tél portable",
        "Tél mobile", "N° de téléphone", "Numéro de téléphone", "GSM", "Phone", "Téléphone du client",
        "Téléphone client", "Client téléphone", "Portable du client", "Client portable",
    ),
    "client.adresse.lignes": (
        "Adresse", "Adresse postale", "Rue", "Voie", "Adresse du client", "Adresse client",
        "Client adresse", "Siège", "Siège social", "Adresse du siège", "Ligne", "Lignes",
    ),
    "client.adresse.code_postal": (
        "Code postal", "CP", "Client code postal", "Code postal du client", "Zip", "Postal code",
    ),
    "client.adresse.commune": ("Ville", "Commune", "Localité", "Client ville", "Ville du client", "City"),
    "client.adresse.pays": ("Pays", "Pays du client", "Client pays", "Country"),
    "client.effectif_5_ou_moins": ("Effectif de cinq salariés ou moins", "5 salariés ou moins"),
    "client.objet_hors_activite_principale": (
        "Objet hors activité principale", "Hors activité principale",
    ),
    "client.denomination": (
        "Dénomination", "Dénomination sociale", "Raison sociale", "Société", "Nom de la société",
        "Entreprise", "Nom de l'entreprise", "Company",
    ),
    "client.forme": ("Forme juridique", "Forme", "Forme sociale", "Forme de la société"),
    "client.siren": ("SIREN", "N° SIREN", "Numéro SIREN", "SIRET", "N° SIRET", "Numéro SIRET"),
    "client.rna": ("RNA", "N° RNA", "Numéro RNA"),
    "client.rcs_ville": ("RCS", "Ville RCS", "Ville du RCS", "Greffe"),
    "client.representant.civilite": ("Civilité du représentant", "Civilité représentant",
        "Représentant civilité"),
    "client.representant.prenoms": (
        "Prénom du représentant", "Prénom représentant", "Représentant prénom", "Représentant prénoms",
    ),
    "client.representant.nom": ("Nom du représentant", "Nom représentant", "Représentant nom"),
    "client.representant.qualite": (
        "Qualité du représentant", "Qualité représentant", "Représentant qualité",
        "Fonction du représentant", "Fonction",
    ),
    "co_contractants": ("Co-contractants", "Co-clients"),
    "avocat.civilite": ("Civilité de l'avocat", "Avocat civilité"),
    "avocat.prenoms": (
        "Avocat prénom", "Avocat prénoms", "Prénom de l'avocat", "Prénom avocat",
    ),
    "avocat.nom": ("Avocat nom", "Nom de l'avocat", "Nom avocat"),
    "avocat.email": (
        "Avocat e-mail", "Avocat mail", "Avocat courriel", "E-mail de l'avocat", "Mail de l'avocat",
        "E-mail avocat", "Mail avocat", "Courriel de l'avocat", "Courriel avocat",
    ),
    "avocat.telephone": (
        "Avocat téléphone", "Avocat portable", "Avocat mobile", "Téléphone de l'avocat",
        "Téléphone avocat", "Portable de l'avocat", "Portable avocat",
    ),
    "mission.objet": ("Objet", "Objet de la mission", "Mission", "Mission objet"),
    "mission.diligences": (
        "Diligences", "Diligences prévues", "Diligences prévisibles", "Contenu du forfait", "Prestations",
        "Contenu de la mission",
    ),
    "mission.exclusions": ("Exclusions", "Hors mission", "Non compris", "Ce qui n'est pas compris"),
    "mission.calendrier": ("Calendrier", "Délai", "Délais", "Calendrier prévisionnel", "Délai d'exécution"),
    "honoraires.type": ("Type d'honoraires", "Type honoraires", "Mode d'honoraires", "Honoraires type"),
    "honoraires.forfait.ht": (
        "Montant HT", "Montant", "Forfait HT", "Forfait", "Honoraires HT", "Montant des honoraires HT",
        "Montant du forfait HT", "Montant du forfait", "Prix HT", "Honoraires forfait HT", "Total HT",
    ),
    "honoraires.forfait.phases": ("Phases", "Phases du forfait", "Étapes"),
    "honoraires.forfait.hors_taux_ht": (
        "Taux horaire HT hors forfait", "Taux hors forfait HT", "Taux hors forfait", "Hors forfait HT",
        "Taux horaire HT", "Taux horaire", "Hors forfait taux HT",
    ),
    "tva.regime": ("Régime de TVA", "Régime TVA", "TVA régime"),
    "tva.taux": ("Taux TVA", "Taux de TVA", "TVA", "TVA taux"),
    "debours": ("Débours", "Frais et débours", "Débours et frais", "Frais", "Débours prévus"),
    "provision.ht": ("Provision HT", "Provision", "Montant de la provision HT"),
    "provision.exigible_le": (
        "Provision exigible le", "Date de la provision", "Date d'exigibilité de la provision",
    ),
    "paiement.echeances": ("Échéances", "Échéancier", "Échéances de paiement", "Échéancier de paiement"),
    "paiement.moyens": ("Moyens de paiement", "Moyen de paiement", "Mode de paiement", "Paiement"),
    "conclusion.mode": ("Mode de conclusion", "Conclusion", "Conclusion mode", "Mode conclusion"),
    "conclusion.lieu": ("Lieu de conclusion", "Lieu", "Lieu de signature", "Fait à"),
    "conclusion.debut_immediat": (
        "Début immédiat", "Début anticipé", "Commencer avant 14 jours", "Exécution immédiate",
    ),
    "signature.niveau": ("Niveau de signature", "Niveau signature", "Signature niveau"),
    "signature.authentification": (
        "Authentification", "Authentification du signataire", "Code de signature",
    ),
    "signature.ordre": ("Ordre de signature", "Ordre des signatures"),
}  # fmt: skip

#: first words of a column about the second client: "Co-client nom", "Conjoint prénom"...
CO_CLIENT_PREFIXES = ("Co-client", "Co-contractant", "Client 2", "Conjoint", "Second client")

#: other names of a section, for dotted or nested records
SECTIONS: Mapping[str, str] = {
    "adresse": "client.adresse",
    "pm": "client",
    "societe": "client",
    "representant": "client.representant",
    "fee": "honoraires",
    "forfait": "honoraires.forfait",
    "sign": "signature",
}

#: what the hub itself writes in the table: never read
WRITE_BACK = ("Statut convention", "Lien de signature", "Signée le", "Archive", "Erreur convention")
