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
    client.consommateur client.professionnel plusieurs_clients
    matter.nature matter.postulation matter.redaction_acte
    livrables livrables[].libelle livrables[].delai
    contentieux contentieux.juridiction contentieux.degre contentieux.rg contentieux.partie_adverse
    contentieux.enjeu
    droits droits[].libelle droits[].montant
    honoraires.type honoraires.au_forfait honoraires.a_l_heure honoraires.avec_resultat
    honoraires.taux honoraires.taux[].intervenant honoraires.taux[].ht honoraires.taux[].ttc
    honoraires.unite honoraires.heures_min honoraires.heures_max honoraires.estimation
    honoraires.budget_min_ttc honoraires.budget_max_ttc honoraires.seuil_alerte honoraires.releve
    resultat resultat.taux resultat.bareme resultat.bareme[].tranche resultat.bareme[].taux
    resultat.assiette resultat.inclusions resultat.exclusions resultat.plafond resultat.imputation
    resultat.enjeu resultat.exemple
    aj.partielle aj.demandee aj.retiree aj.numero aj.date aj.bureau aj.taux aj.part_etat aj.complement
    aj.information
    pj.interroge pj.active pj.assureur pj.police pj.plafond
    lcbft.applicable
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
    conclusion.debut_immediat conclusion.lieu conclusion.date conclusion.fonction_ligne_url
    co_contractants
    garants garants[].nom_complet garants[].adresse garants[].email garants[].telephone
    garants[].montant garants[].montant_lettres
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
