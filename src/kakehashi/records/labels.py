"""What people read instead of codes: kinds, fields, choices, states and levels, all lazily translated.

Forms, pages, template spreadsheets and importers share these names. An edge file: it needs gettext, the
rules beside it do not. Sentences for problem codes are in `records/sentences.py`; `say` is offered here too.
"""

from collections.abc import Iterable

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kakehashi.records.regions import REGIONS
from kakehashi.records.sentences import say
from kakehashi.records.topics import TOPICS
from kakehashi.translation.lazy import Promise
from kakehashi.ui.languages import reader_language

__all__ = ["CHOICES", "FIELDS", "GROUPS", "HELP", "KIND", "KINDS", "choice", "field", "named", "say"]

KIND: dict[str, Promise] = {
    "organisation": _("Organisation"),
    "offer": _("Offer"),
    "request": _("Request"),
    "development": _("Development"),
    "academic": _("Academic profile"),
    "practice": _("Best practice"),
}
KINDS: dict[str, Promise] = {
    "organisation": _("Organisations"),
    "offer": _("Offers"),
    "request": _("Requests"),
    "development": _("Developments"),
    "academic": _("Academic potential"),
    "practice": _("Best practices"),
}

EEN_TYPES: dict[str, Promise] = {
    "TO": _("Technology offer"),
    "TR": _("Technology request"),
    "BO": _("Business offer"),
    "BR": _("Business request"),
    "RDR": _("Request for research and development partners"),
}
STAGES: dict[str, Promise] = {
    "concept": _("Concept"),
    "under_development": _("Under development"),
    "lab_tested": _("Tested in the laboratory"),
    "demonstration": _("Available for demonstration"),
    "on_the_market": _("Already on the market"),
}
MEDICAL_STAGES: dict[str, Promise] = {
    "preclinical": _("Preclinical"),
    "phase_1": _("Clinical phase 1"),
    "phase_2": _("Clinical phase 2"),
    "phase_3": _("Clinical phase 3"),
    "approved": _("Approved"),
}
IPR: dict[str, Promise] = {
    "none": _("No protection applied for"),
    "know_how": _("Secret know-how"),
    "applied": _("Patent applied for"),
    "granted": _("Patent granted"),
}
PARTNERSHIPS: dict[str, Promise] = {
    "commercial": _("Commercial agreement"),
    "investment": _("Investment"),
    "outsourcing": _("Outsourcing"),
    "supplier": _("Supply"),
    "commercial_with_technical_assistance": _("Commercial agreement with technical assistance"),
    "rd_cooperation": _("R&D cooperation"),
    "licence": _("Licence"),
}
PARTNER_TYPES: dict[str, Promise] = {
    "company": _("Company"),
    "university": _("University"),
    "research_institute": _("Research institute"),
    "hospital": _("Hospital"),
    "investor": _("Investor"),
    "public_body": _("Public body"),
}
ORGANISATION_TYPES: dict[str, Promise] = {
    **PARTNER_TYPES,
    "cluster": _("Cluster organisation"),
    "transfer_office": _("Technology transfer office"),
}
PARTNER_SIZES: dict[str, Promise] = {
    "micro": _("Micro enterprise"),
    "small": _("Small enterprise"),
    "medium": _("Medium-sized enterprise"),
    "large": _("Large enterprise"),
}
EVENTS: dict[str, Promise] = {
    "financing": _("Financing round"),
    "licence_deal": _("Licence deal"),
    "clinical_milestone": _("Clinical milestone"),
    "approval": _("Approval of a product"),
    "acquisition": _("Acquisition"),
    "foundation": _("Foundation"),
    "expansion": _("Expansion"),
    "partnership": _("Partnership"),
    "award": _("Award"),
    "research_result": _("Research result"),
    "policy": _("Policy"),
    "event": _("Conference or meeting"),
}
REASONS: dict[str, Promise] = {
    "too_early": _("Too early"),
    "benefit_unclear": _("The benefit is unclear"),
    "commercial_route_unclear": _("The commercial route is unclear"),
    "description_unclear": _("The description is unclear"),
    "scientific": _("Scientific reasons"),
    "off_strategy": _("Not in our strategy"),
    "no_capacity": _("No capacity"),
    "ip": _("Intellectual property is in the way"),
    "other": _("Another reason"),
}
PROVENANCES: dict[str, Promise] = {
    "posted": _("Posted by the organisation"),
    "public_sources": _("Written from public sources"),
    "invented": _("Invented for demonstration"),
}
STATES: dict[str, Promise] = {
    "draft": _("Draft"),
    "in_review": _("In review"),
    "client_approval": _("Waiting for the organisation’s approval"),
    "published": _("Published"),
    "on_hold": _("On hold"),
    "expired": _("Expired"),
    "withdrawn": _("Withdrawn"),
    "archived": _("Archived"),
}
AUDIENCES: dict[str, Promise] = {
    "private": _("Nobody but the organisation and the cluster’s team"),
    "members": _("Members of our own cluster"),
    "named": _("Our members and the partners of chosen agreements"),
    "agreements": _("Our members and the partners of all agreements"),
    "public": _("Everyone"),
}
TLP: dict[str, Promise] = {
    "CLEAR": _("TLP:CLEAR, may be told to anyone"),
    "GREEN": _("TLP:GREEN, within the community"),
    "AMBER": _("TLP:AMBER, within the organisations involved"),
    "RED": _("TLP:RED, only the people named"),
}
ONWARD: dict[str, Promise] = {
    "none": _("Only the partner cluster’s own team"),
    "members": _("The partner cluster’s members"),
    "public": _("Everyone, through the partner’s public pages"),
}
RECEIVED: dict[str, Promise] = {  # the same, as the receiving side says it
    "none": _("Only our own team"),
    "members": _("Our members"),
    "public": _("Everyone"),
}
ORIGINS: dict[str, Promise] = {
    "original": _("Original"),
    "machine": _("Machine translation, not yet checked"),
    "reviewed": _("Checked translation"),
}
LANGUAGES: dict[str, Promise] = {"de": _("German"), "ja": _("Japanese"), "en": _("English")}

# Choices by the name of the field that holds them (records/kinds.py).
CHOICES: dict[str, dict[str, Promise]] = {
    "een_type": EEN_TYPES,
    "stage": STAGES,
    "medical_stage": MEDICAL_STAGES,
    "ipr": IPR,
    "partnership": PARTNERSHIPS,
    "partner_types": PARTNER_TYPES,
    "partner_sizes": PARTNER_SIZES,
    "event": EVENTS,
    "type": ORGANISATION_TYPES,
    "provenance": PROVENANCES,
    "reason": REASONS,
    "audience": AUDIENCES,
    "tlp": TLP,
    "onward": ONWARD,
    "state": STATES,
    "lang": LANGUAGES,
}

GROUPS: dict[str, Promise] = {
    "main": _("Content"),
    "stage": _("Stage and rights"),
    "partner": _("The partner looked for"),
    "about": _("Subjects"),
    "place": _("Place"),
    "ids": _("Identifiers"),
    "facts": _("Figures"),
    "source": _("Sources"),
}

FIELDS: dict[str, Promise] = {
    "title": _("Title"),
    "summary": _("Summary"),
    "organisation": _("Organisation"),
    "organisations": _("Other organisations involved"),
    "een_type": _("Profile type"),
    "body": _("Full text"),
    "advantages": _("Advantages and innovations"),
    "technical": _("Technical specification or expertise sought"),
    "differentiation": _("Difference from the best alternative"),
    "stage": _("Stage of development"),
    "trl": _("Technology readiness level (TRL)"),
    "medical_stage": _("Medical stage"),
    "ipr": _("Intellectual property"),
    "sought_partner": _("Partner sought"),
    "partner_types": _("Type of partner"),
    "partner_role": _("Role of the partner"),
    "partner_sizes": _("Size of partner"),
    "partnership": _("Type of partnership"),
    "licence_territory": _("Licence territory"),
    "open_for_interest": _("Open for expressions of interest"),
    "market_keywords": _("Market keywords"),
    "technology_keywords": _("Technology keywords"),
    "topics": _("Topics"),
    "keywords": _("Keywords"),
    "source_date": _("Date of the source"),
    "sources": _("Public sources"),
    "provenance": _("Written by"),
    "names": _("Names"),
    "reading": _("Reading in kana"),
    "type": _("Type of organisation"),
    "region": _("Region"),
    "city": _("City"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "website": _("Website"),
    "ror": _("ROR identifier"),
    "lei": _("Legal entity identifier (LEI)"),
    "corporate_number": _("Japanese corporate number"),
    "sector": _("Sector"),
    "founded": _("Year of foundation"),
    "employees": _("Employees"),
    "employees_year": _("Year of the number of employees"),
    "event": _("What happened"),
    "date": _("Date"),
    "amount": _("Amount"),
    "unit": _("Unit or institute"),
    "methods": _("Methods"),
    "infrastructure": _("Infrastructure"),
    "collaboration": _("What industry can work on with it"),
    "key_works": _("Key works (DOI)"),
    "identifiers": _("Other identifiers (ORCID, OpenAlex, KAKEN, researchmap)"),
    "challenge": _("Challenge"),
    "approach": _("Approach"),
    "results": _("Results"),
    "lessons": _("Lessons"),
    "transferable_to": _("What the other region could take over"),
    "kind": _("Kind"),
    "lang": _("Language of the original"),
    "revision": _("Revision"),
    "audience": _("Who may see it"),
    "named": _("Chosen agreements"),
    "tlp": _("Confidentiality label (TLP)"),
    "onward": _("How far the partner may pass it on"),
    "state": _("State"),
}

HELP: dict[str, Promise] = {
    "title": _("One line that says what it is; no product praise."),
    "summary": _("Write in the third person: what it is, what it does, for whom. At most 500 characters."),
    "advantages": _("Claims need figures. Nothing confidential."),
    "keywords": _("One term per line."),
    "market_keywords": _("At most five, one per line."),
    "technology_keywords": _("At most five, one per line."),
    "key_works": _("One DOI per line."),
    "identifiers": _("One per line."),
    "partnership": _("Choose one to three."),
    "sources": _("One per line: address, then a space, then the title; a date in brackets may follow."),
    "names": _("Only forms that the organisation really uses; leave the others empty."),
    "reading": _("For Japanese names, so that they can be found and pronounced."),
    "source_date": _("Year, year and month, or day: 2026, 2026-11 or 2026-11-22."),
    "date": _("Year, year and month, or day: 2026, 2026-11 or 2026-11-22."),
    "amount": _("A number and the currency’s three letters, such as 6000000 EUR."),
    "latitude": _("In degrees with a point, such as 48.107."),
    "longitude": _("In degrees with a point, such as 11.452."),
    "trl": _("1 to 9. Fits drugs poorly: give the medical stage as well."),
    "transferable_to": _("And what the other region would need for it."),
}


SCOPES: dict[str, Promise] = {
    "person": _("The personal part: contact data, in every revision"),
    "earlier": _("All earlier wordings; the present one stays"),
    "all": _("The whole record"),
}
BASES: dict[str, Promise] = {
    "gdpr-17": _("Erasure (GDPR, article 17)"),
    "gdpr-21": _("Objection (GDPR, article 21)"),
    "appi-34": _("Correction or deletion (APPI, article 34)"),
    "appi-35": _("Cease of use (APPI, article 35)"),
    "agreed": _("Agreed with the person or the partner"),
}


def field(name: str) -> Promise | str:
    """The name of a field; a field nobody described is shown by its own name."""
    return FIELDS.get(name, name)


def choice(name: str, code: str) -> Promise | str:
    """The name of one code of a choice field; a code nobody described is shown as it is."""
    return CHOICES.get(name, {}).get(code, code)


def named(what: Promise | str, place: str) -> Promise:
    """What it is with the place it comes from: "Offers from Munich", "Angebote aus München", "大阪の提供"."""
    return format_lazy(_("{kind} from {place}"), kind=what, place=place)


def names_of(name: str) -> dict[str, dict[str, str]]:
    """Codes that carry their names in three languages themselves: topics and regions."""
    return {"topics": TOPICS, "region": REGIONS}.get(name, {})


def _in_reader_language(names: dict[str, str]) -> str:
    return names.get(reader_language()) or names["en"]


in_reader_language = lazy(_in_reader_language, str)  # names that are data, said when the page is made

# Why the matcher of names takes one organisation for another (naming.matcher.Reason).
LIKENESS: dict[str, Promise] = {
    "identifier": _("the same identifier"),
    "name": _("the same name"),
    "alias": _("the same reading or other name"),
    "placed": _("the name without its place"),
    "short": _("an abbreviation of the name"),
    "turned": _("the same words in another order"),
    "part": _("the name and something more"),
    "words": _("most of the name"),
    "spelling": _("the name with a letter changed"),
    "city": _("the same place"),
    "elsewhere": _("in another country"),
    "other-identifier": _("with another identifier"),
}


def likeness(codes: Iterable[str]) -> str:
    """Reasons in one line. What says more stands for "the same name" too."""
    found = [str(code) for code in codes]
    if {"part", "words", "spelling", "turned"} & set(found):
        found = [code for code in found if code not in ("name", "alias")]
    return ", ".join(str(LIKENESS[code]) for code in found)
