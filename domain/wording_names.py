"""The names that templates may use. A firm's templates depend on them: add, never rename."""

from __future__ import annotations

_CABINET = """
    denomination forme siren tva_intracom adresse telephone email site barreau batonnier_adresse rcp
    mediateur_nom mediateur_adresse mediateur_url rgpd_contact reclamation_contact
"""
_CLIENT = """
    type qualite qualite_libelle nom_complet civilite_longue prenoms nom adresse email telephone
    denomination forme siren rcs_ville representant_nom_complet representant_qualite
"""
_OTHERS = """
    dossier.numero dossier.intitule
    avocat.nom_complet avocat.email
    mission.objet mission.diligences mission.exclusions mission.calendrier
    honoraires.type_libelle honoraires.forfait_ht honoraires.taux_tva honoraires.tva
    honoraires.forfait_ttc honoraires.forfait_ttc_lettres honoraires.franchise
    honoraires.phases honoraires.phases[].libelle honoraires.phases[].ht
    honoraires.phases[].ttc honoraires.phases[].part
    honoraires.hors_forfait_taux_ht honoraires.hors_forfait_taux_ttc
    debours debours[].libelle debours[].montant
    provision provision.ht provision.ttc
    paiement.echeances paiement.echeances[].libelle paiement.echeances[].date paiement.echeances[].ttc
    paiement.moyens
    conclusion.mode conclusion.a_distance conclusion.hors_etablissement conclusion.retractation
    conclusion.debut_immediat conclusion.lieu conclusion.date
    co_contractants
    signataires signataires[].key signataires[].nom_complet signataires[].qualite signataires[].ancre
    signature.prestataire signature.niveau_libelle
    convention.reference convention.version
    conservation.libelle
"""

CABINET_FIELDS = tuple(_CABINET.split())
CLIENT_FIELDS = tuple(_CLIENT.split())
NAMES = frozenset(_OTHERS.split()).union(
    (f"cabinet.{field}" for field in CABINET_FIELDS),
    (f"client.{field}" for field in CLIENT_FIELDS),
    (f"co_contractants[].{field}" for field in CLIENT_FIELDS),
)
