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
    "client.exigence_signature": (
        "Exigence de signature", "Signature avancée exigée", "Exigence du client sur la signature",
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
    "garants": ("Garants", "Cautions"),
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
    "matter.family": (
        "Famille d'affaire", "Contentieux ou conseil", "Type d'affaire", "Famille de dossier",
    ),
    "matter.nature": ("Nature", "Nature de l'affaire", "Nature du dossier", "Matière", "Domaine"),
    "matter.postulation": ("Postulation", "Postulant", "Avocat postulant"),
    "matter.redaction_acte": ("Rédaction d'acte", "Rédaction d'un acte", "Acte à rédiger"),
    "contentieux.juridiction": ("Juridiction", "Tribunal", "Juridiction saisie"),
    "contentieux.degre": ("Degré", "Degré de juridiction", "Instance"),
    "contentieux.rg": ("N° RG", "RG", "Numéro RG", "N° de RG"),
    "contentieux.partie_adverse": ("Partie adverse", "Adversaire", "Partie adverse nom"),
    "contentieux.montant_en_jeu": (
        "Montant en jeu", "Enjeu", "Enjeu financier", "Intérêt du litige", "Montant du litige",
    ),
    "mission.objet": ("Objet", "Objet de la mission", "Mission", "Mission objet"),
    "mission.diligences": (
        "Diligences", "Diligences prévues", "Diligences prévisibles", "Contenu du forfait", "Prestations",
        "Contenu de la mission",
    ),
    "mission.exclusions": ("Exclusions", "Hors mission", "Non compris", "Ce qui n'est pas compris"),
    "mission.livrables": ("Livrables", "Livrable", "Documents remis"),
    "mission.calendrier": ("Calendrier", "Délai", "Délais", "Calendrier prévisionnel", "Délai d'exécution"),
    "honoraires.type": ("Type d'honoraires", "Type honoraires", "Mode d'honoraires", "Honoraires type"),
    "honoraires.forfait.ht": (
        "Montant HT", "Montant", "Forfait HT", "Forfait", "Honoraires HT", "Montant des honoraires HT",
        "Montant du forfait HT", "Montant du forfait", "Prix HT", "Honoraires forfait HT", "Total HT",
    ),
    "honoraires.forfait.phases": ("Phases", "Phases du forfait", "Étapes"),
    "honoraires.forfait.hors_taux_ht": (
        "Taux horaire HT hors forfait", "Taux hors forfait HT", "Taux hors forfait", "Hors forfait HT",
        "Hors forfait taux HT",
    ),
    "honoraires.horaire.taux": (
        "Taux horaire", "Taux horaire HT", "Taux horaires", "Taux horaires HT", "Taux par intervenant",
        "Taux horaires par intervenant",
    ),
    "honoraires.horaire.unite_min": (
        "Unité de décompte", "Unité de temps", "Unité de facturation", "Unité de décompte en minutes",
    ),
    "honoraires.horaire.heures_min": (
        "Heures estimées min", "Heures estimées minimum", "Heures min", "Nombre d'heures minimum",
    ),
    "honoraires.horaire.heures_max": (
        "Heures estimées max", "Heures estimées maximum", "Heures max", "Nombre d'heures maximum",
    ),
    "honoraires.horaire.seuil_alerte_ht": ("Seuil d'alerte HT", "Seuil d'alerte", "Alerte budget HT"),
    "honoraires.horaire.releve": (
        "Relevé de temps", "Relevé", "Périodicité du relevé", "Périodicité du relevé de temps",
    ),
    "honoraires.resultat.taux": (
        "Taux de résultat", "Taux résultat", "Honoraire de résultat", "Pourcentage de résultat",
        "Taux de l'honoraire de résultat",
    ),
    "honoraires.resultat.tranches": (
        "Barème de résultat", "Barème", "Tranches", "Tranches de résultat",
        "Barème de l'honoraire de résultat",
    ),
    "honoraires.resultat.assiette": (
        "Assiette", "Assiette du résultat", "Assiette de l'honoraire de résultat", "Base du résultat",
    ),
    "honoraires.resultat.assiette_texte": ("Précision sur l'assiette", "Définition de l'assiette"),
    "honoraires.resultat.inclut_art700": ("Article 700 compris", "Art 700 compris", "Inclut l'article 700"),
    "honoraires.resultat.inclut_interets": ("Intérêts compris", "Inclut les intérêts"),
    "honoraires.resultat.plafond_ht": (
        "Plafond de résultat HT", "Plafond du résultat HT", "Plafond HT",
        "Plafond de l'honoraire de résultat",
    ),
    "honoraires.resultat.imputation_base": (
        "Imputation", "Honoraire de diligences imputé", "Base imputée sur le résultat", "Forfait imputé",
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
    "aj.statut": (
        "AJ", "Aide juridictionnelle", "Statut AJ", "AJ statut", "Statut de l'aide juridictionnelle",
    ),
    "aj.taux": ("Taux AJ", "Taux d'AJ", "AJ taux", "Taux de l'aide juridictionnelle"),
    "aj.numero": ("N° AJ", "Numéro AJ", "AJ numéro", "N° de décision AJ", "Numéro de décision AJ", "N° BAJ"),
    "aj.date": ("Date AJ", "AJ date", "Date de la décision AJ", "Date de décision AJ"),
    "aj.bureau": ("Bureau AJ", "BAJ", "AJ bureau", "Bureau d'aide juridictionnelle"),
    "aj.part_etat": (
        "Part de l'État", "Part contributive de l'État", "Part État", "AJ part État",
        "Contribution de l'État",
    ),
    "aj.information_donnee_le": ("Information AJ donnée le", "AJ information donnée le"),
    "pj.active": (
        "Protection juridique", "PJ", "PJ active", "Assurance de protection juridique", "Garantie PJ",
    ),
    "pj.assureur": (
        "Assureur PJ", "Assureur", "Assureur protection juridique", "Assureur de protection juridique",
        "PJ assureur",
    ),
    "pj.interroge": ("PJ demandée", "Client interrogé sur la PJ", "PJ interrogé"),
    "pj.police": ("Police PJ", "N° de police PJ", "Contrat PJ", "PJ police"),
    "pj.plafond": ("Plafond PJ", "Plafond de garantie", "PJ plafond"),
    "lcbft.applicable": ("LCB-FT", "LCB-FT applicable", "Vigilance LCB-FT"),
    "conclusion.mode": ("Mode de conclusion", "Conclusion", "Conclusion mode", "Mode conclusion"),
    "conclusion.lieu": ("Lieu de conclusion", "Lieu", "Lieu de signature", "Fait à"),
    "conclusion.debut_immediat": (
        "Début immédiat", "Début anticipé", "Commencer avant 14 jours", "Exécution immédiate",
    ),
    "conclusion.interface_en_ligne": ("Interface en ligne", "Conclusion en ligne", "Conclue en ligne"),
    "signature.niveau": ("Niveau de signature", "Niveau signature", "Signature niveau"),
    "signature.authentification": (
        "Authentification", "Authentification du signataire", "Code de signature",
    ),
    "signature.derogation_motif": (
        "Motif de dérogation", "Motif du niveau de signature", "Motif d'un niveau inférieur",
    ),
    "signature.ordre": ("Ordre de signature", "Ordre des signatures"),
}  # fmt: skip

#: first words of a column about the second client: "Co-client nom", "Conjoint prénom"...
CO_CLIENT_PREFIXES = ("Co-client", "Co-contractant", "Client 2", "Conjoint", "Second client")

#: first words of a column about a guarantor: "Garant nom", "Caution e-mail"...
GUARANTOR_PREFIXES = ("Garant", "Caution")
#: after those words: the most that the guarantor owes
GUARANTEED = ("Montant", "Montant maximal", "Montant garanti", "Plafond")

#: other names of a section, for dotted or nested records
SECTIONS: Mapping[str, str] = {
    "adresse": "client.adresse",
    "pm": "client",
    "societe": "client",
    "representant": "client.representant",
    "fee": "honoraires",
    "forfait": "honoraires.forfait",
    "horaire": "honoraires.horaire",
    "resultat": "honoraires.resultat",
    "affaire": "matter",
    "sign": "signature",
}

#: what the hub itself writes in the table: never read
WRITE_BACK = ("Statut convention", "Lien de signature", "Signée le", "Archive", "Erreur convention")
