"""Stage, readiness, rights, type and partnership must tell one story."""

from collections.abc import Iterator, Mapping
from typing import Any

from kakehashi.quality.findings import Finding, Severity

# Research partners may be sought from either side.
TYPES = {"offer": ("TO", "BO", "RDR"), "request": ("TR", "BR", "RDR")}
# TRL 1 to 9 (ISO 16290) beside the stages of the partnering profiles, with a step of leeway either way.
TRL_OF_STAGE = {
    "concept": (1, 3),
    "under_development": (2, 7),
    "lab_tested": (3, 6),
    "demonstration": (5, 8),
    "on_the_market": (8, 9),
}
TRL_OF_MEDICAL_STAGE = {
    "preclinical": (1, 6),
    "phase_1": (4, 7),
    "phase_2": (5, 8),
    "phase_3": (6, 9),
    "approved": (8, 9),
}
CLINICAL = ("phase_1", "phase_2", "phase_3", "approved")
TECHNOLOGY_ONLY = {"licence", "rd_cooperation", "commercial_with_technical_assistance"}
BUSINESS_ONLY = {"outsourcing", "supplier"}


def check(body: Mapping[str, Any]) -> Iterator[Finding]:
    """Where two fields contradict each other."""
    yield from _type(body)
    yield from _readiness(body)
    yield from _partnership(body)


def _type(body: Mapping[str, Any]) -> Iterator[Finding]:
    kind, een_type = body.get("kind"), body.get("een_type")
    if een_type is not None and een_type not in TYPES.get(str(kind), ()):
        yield Finding("type-of-other-kind", Severity.BLOCKER, "een_type")


def _readiness(body: Mapping[str, Any]) -> Iterator[Finding]:
    stage, medical, trl = (body.get(name) for name in ("stage", "medical_stage", "trl"))
    for field, value, table in (
        ("stage", stage, TRL_OF_STAGE),
        ("medical_stage", medical, TRL_OF_MEDICAL_STAGE),
    ):
        limits = table.get(value) if isinstance(value, str) else None
        if limits and type(trl) is int and not limits[0] <= trl <= limits[1]:
            facts = {"field": field, "value": value, "trl": trl, "least": limits[0], "most": limits[1]}
            said = tuple((name, str(fact)) for name, fact in facts.items())
            yield Finding("trl-contradicts", Severity.MAJOR, "trl", facts=said)
    if stage == "concept" and medical in CLINICAL:
        yield Finding(
            "concept-in-the-clinic",
            Severity.MAJOR,
            "stage",
            facts=(("field", "medical_stage"), ("value", str(medical))),
        )
    if (
        body.get("een_type") == "TO"
        and medical == "approved"
        and stage in ("under_development", "lab_tested")
    ):
        yield Finding(
            "approved-in-development",
            Severity.MINOR,
            "stage",
            facts=(("field", "stage"), ("value", str(stage))),
        )


def _partnership(body: Mapping[str, Any]) -> Iterator[Finding]:
    een_type = body.get("een_type")
    wanted = _codes(body.get("partnership"))
    partners = _codes(body.get("partner_types"))
    if een_type == "RDR" and wanted and "rd_cooperation" not in wanted:
        yield Finding("research-without-cooperation", Severity.MAJOR, "partnership")
    if een_type in ("BO", "BR") and wanted and wanted <= TECHNOLOGY_ONLY:
        yield Finding("business-that-is-technology", Severity.MINOR, "partnership")
    if een_type in ("TO", "TR") and wanted and wanted <= BUSINESS_ONLY:
        yield Finding("technology-that-is-business", Severity.MINOR, "partnership")
    if een_type == "TO" and "licence" in wanted and body.get("ipr") == "none":
        yield Finding("licence-of-nothing", Severity.MAJOR, "ipr")
    if partners == {"investor"} and "investment" not in wanted:
        yield Finding("investor-without-investment", Severity.MAJOR, "partner_types")
    if wanted == {"investment"} and partners and "investor" not in partners:
        yield Finding("investment-without-investor", Severity.MINOR, "partner_types")
    if body.get("licence_territory") and wanted and "licence" not in wanted:
        yield Finding("territory-without-licence", Severity.MINOR, "licence_territory")


def _codes(value: Any) -> set[str]:
    return {item for item in value if isinstance(item, str)} if isinstance(value, list) else set()
