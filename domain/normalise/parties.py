"""Reads one client: a natural person or a legal person, which the record may say in several ways."""

from __future__ import annotations

from domain.normalise import address, amount, choice, company, person
from domain.normalise.choice import one_of
from domain.normalise.columns import ONLY_COMPANY
from domain.normalise.contact import email, telephone
from domain.normalise.fault import Fault
from domain.normalise.reader import Reader
from domain.normalise.sections import text
from domain.record_types import Forme, Qualite

QUALITES = "« consommateur », « professionnel », « non-professionnel » ou « personne morale »"
COMPANY_QUALITES = (Qualite.PERSONNE_MORALE, Qualite.NON_PROFESSIONNEL)
#: forms whose quality is a lawyer's call: acting professionally, or not (art. liminaire)
UNDECIDED_FORMS = (Forme.ASSOCIATION, Forme.FONDATION, Forme.SYNDICAT_COPROPRIETE, Forme.CSE, Forme.AUTRE)


def read_party(reader: Reader, base: str) -> None:
    """``base`` is ``client`` or ``co_contractants.<n>``."""
    qualite = reader.read(f"{base}.qualite", one_of(choice.QUALITES, QUALITES))
    kind = _kind(reader, base, qualite)
    reader.parsed[f"{base}.type"] = kind
    if kind == "pm":
        _company(reader, base, qualite)
    else:
        _person(reader, base, qualite)
    code = _address(reader, f"{base}.adresse")
    reader.read(f"{base}.email", email, required=True)
    reader.read(f"{base}.telephone", lambda value: telephone(value, code))
    reader.read(f"{base}.exigence_signature", choice.yes_no)


def read_guarantor(reader: Reader, base: str) -> None:
    """``base`` is ``garants.<n>``: a natural person, and the most that he may owe."""
    reader.read(f"{base}.civilite", person.civilite)
    reader.read(f"{base}.prenoms", person.name, required=True)
    reader.read(f"{base}.nom", person.name, required=True)
    code = _address(reader, f"{base}.adresse")
    reader.read(f"{base}.email", email, required=True)
    reader.read(f"{base}.telephone", lambda value: telephone(value, code))
    reader.read(f"{base}.montant", amount.positive, required=True)


def _kind(reader: Reader, base: str, qualite: Qualite | None) -> str:
    said = reader.read(f"{base}.type", one_of(choice.TYPES, "« personne physique » ou « personne morale »"))
    if said:
        return said
    if qualite in COMPANY_QUALITES or (qualite is not Qualite.CONSOMMATEUR and _names_company(reader, base)):
        return "pm"
    return "pp"


def _names_company(reader: Reader, base: str) -> bool:
    return reader.has(f"{base}.denomination") or reader.has(f"{base}.siren")


def _person(reader: Reader, base: str, qualite: Qualite | None) -> None:
    if qualite is None:
        if not reader.has(f"{base}.qualite"):
            reader.missing(f"{base}.qualite")
    elif qualite in COMPANY_QUALITES:
        reader.fault(
            f"{base}.qualite",
            Fault(
                "person_quality",
                "une personne physique est « consommateur » ou « professionnel » ; "
                "corrigez la qualité ou le type de client",
            ),
        )
    for name in sorted(ONLY_COMPANY - {"representant"}):
        if reader.has(f"{base}.{name}"):
            reader.fault(
                f"{base}.{name}",
                Fault(
                    "company_field",
                    "cette colonne est celle d'une société ; videz-la ou changez le type de client",
                ),
            )
    reader.read(f"{base}.civilite", person.civilite)
    reader.read(f"{base}.prenoms", person.name, required=True)
    reader.read(f"{base}.nom", person.name, required=True)
    reader.read(f"{base}.effectif_5_ou_moins", choice.yes_no)
    reader.read(f"{base}.objet_hors_activite_principale", choice.yes_no)


def _company(reader: Reader, base: str, qualite: Qualite | None) -> None:
    reader.read(f"{base}.denomination", company.denomination, required=True)
    forme = reader.read(f"{base}.forme", company.legal_form, required=True)
    reader.read(f"{base}.rna", company.rna)
    reader.read(f"{base}.siren", company.siren, required=not reader.has(f"{base}.rna"))
    reader.read(f"{base}.rcs_ville", company.rcs_town)
    _company_quality(reader, base, qualite, forme)
    _representative(reader, base)


def _company_quality(reader: Reader, base: str, qualite: Qualite | None, forme: Forme | None) -> None:
    path = f"{base}.qualite"
    if qualite is Qualite.CONSOMMATEUR:
        reader.fault(
            path,
            Fault(
                "company_consumer",
                "une société n'est pas consommateur ; écrivez « personne morale » ou « non-professionnel »",
            ),
        )
    elif qualite is Qualite.PROFESSIONNEL:
        reader.parsed[path] = Qualite.PERSONNE_MORALE
    elif qualite is None and not reader.has(path):
        if forme in UNDECIDED_FORMS:
            reader.missing(path)
        else:
            reader.parsed[path] = Qualite.PERSONNE_MORALE


def _representative(reader: Reader, base: str) -> None:
    """R-SIG-03. A table has one set of name columns: for a company they are the representative's."""
    for name, parse in (("civilite", person.civilite), ("prenoms", person.name), ("nom", person.name)):
        own, shared = f"{base}.representant.{name}", f"{base}.{name}"
        if not reader.has(own) and reader.has(shared):
            value = reader.read(shared, parse)
            if value is not None:
                reader.parsed[own] = reader.parsed.pop(shared)
        else:
            reader.read(own, parse, required=name != "civilite")
    reader.read(f"{base}.representant.qualite", text(80, shortest=2), required=True)


def _address(reader: Reader, base: str) -> str | None:
    """Reads the address; gives its French post code, which tells overseas telephone numbers apart."""
    pays = reader.read(f"{base}.pays", address.country) or "FR"
    before = len(reader.faults)
    code = reader.read(f"{base}.code_postal", lambda value: address.postcode(value, pays))
    commune = reader.read(f"{base}.commune", address.town)
    printed = reader.read(f"{base}.lignes", address.lines)
    if len(reader.faults) > before:
        return code
    if printed and pays == "FR":
        try:
            printed, code, commune = address.split_town(printed, code, commune)
        except Fault as fault:
            reader.fault(f"{base}.lignes", fault)
    found = {"lignes": printed, "code_postal": code, "commune": commune}
    for name, value in found.items():
        reader.parsed[f"{base}.{name}"] = value
        if not value:
            reader.missing(f"{base}.{name}")
    return code if pays == "FR" else None
