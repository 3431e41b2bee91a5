"""What editors read of a finding: what is wrong, and what would be better."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kakehashi.quality.findings import Finding, Severity
from kakehashi.records import labels as records
from kakehashi.translation.lazy import Promise

SEVERITIES: dict[Severity, Promise] = {
    Severity.BLOCKER: _("Must be mended before publication"),
    Severity.MAJOR: _("Should be mended"),
    Severity.MINOR: _("Could be better"),
}
# What is wrong, and what to do.
WORDS: dict[str, tuple[Promise, Promise]] = {
    "first-person": (
        _("Written in the first person."),
        _("Write in the third person: “the company”, “the institute”, so that the partner can pass it on."),
    ),
    "second-person": (
        _("Speaks to the reader."),
        _("Describe what is offered or sought; expressions of interest go through the cluster."),
    ),
    "marketing": (
        _("Advertising that no reader can check."),
        _("Leave it out, or put a figure, a comparison or a source in its place."),
    ),
    "boasting": (
        _("A judgement of one’s own."),
        _("Say by what it can be seen: a figure, a year, who has confirmed it."),
    ),
    "shouting": (_("An exclamation mark."), _("A full stop says the same to a reader abroad.")),
    "claim-without-number": (
        _("A comparison without a figure."),
        _("Say how much, compared with what, and how it was measured."),
    ),
    "advantages-without-number": (
        _("No figure among the advantages."),
        _("Give at least one: a yield, a time, a price, a sensitivity, a number of patients."),
    ),
    "contact-email": (
        _("An e-mail address."),
        _("Take it out; contacts are opened when both sides have accepted."),
    ),
    "contact-phone": (
        _("A telephone number."),
        _("Take it out; contacts are opened when both sides have accepted."),
    ),
    "person-named": (
        _("Names a person."),
        _("Name the office or the laboratory, unless the person’s office is public and the point."),
    ),
    "secret-words": (
        _("Sounds confidential."),
        _("Ask the organisation; what is not public before a patent application endangers its novelty."),
    ),
    "application-unpublished": (
        _("The number of a patent application that is probably not published yet."),
        _("Take it out, or give the publication number once there is one."),
    ),
    "application-number": (
        _("The number of an application, not of a publication."),
        _("Give the publication number, which a reader can look up."),
    ),
    "missing": (_("Nothing stands here."), _("Fill it in: partners decide by it.")),
    "summary-short": (
        _("The summary is too short to decide by."),
        _("Say in two to four sentences who offers or seeks what, for whom, in which kind of partnership."),
    ),
    "summary-repeats-title": (
        _("The summary says no more than the title."),
        _("Say in two to four sentences who offers or seeks what, for whom, in which kind of partnership."),
    ),
    "body-short": (
        _("The full text is short."),
        _("Describe problem, solution, present state and next step."),
    ),
    "title-says-nothing": (
        _("The title could stand over any profile."),
        _("Name the technology or product and the field it is for."),
    ),
    "title-short": (
        _("The title is very short."),
        _("Name the technology or product and the field it is for."),
    ),
    "title-long": (
        _("The title is long."),
        _("Keep to the technology or product and the field; the rest belongs in the summary."),
    ),
    "title-capitals": (
        _("The title stands in capitals."),
        _("Write it as a sentence; capitals are hard to read and to translate."),
    ),
    "title-full-stop": (_("The title ends with a full stop."), _("Titles have none.")),
    "type-of-other-kind": (
        _("This profile type belongs to the other kind of record."),
        _("Offers are TO or BO, requests TR or BR; RDR may be either."),
    ),
    "trl-contradicts": (
        _("TRL {trl} does not fit “{value}”, for which {least} to {most} is usual."),
        _("Correct one of the two, or say in the text why they differ."),
    ),
    "concept-in-the-clinic": (
        _("A concept cannot be at the stage “{value}”."),
        _("Correct the stage of development or the medical stage."),
    ),
    "approved-in-development": (
        _("Approved, and yet “{value}”."),
        _("Say which product is approved and what is still being developed."),
    ),
    "licence-of-nothing": (
        _("A licence is offered, but no protection is applied for."),
        _("Say what would be licensed: know-how, data, a patent application."),
    ),
    "research-without-cooperation": (
        _("Research partners are sought, but no R&D cooperation is named."),
        _("Add “R&D cooperation” to the partnerships, or choose another profile type."),
    ),
    "business-that-is-technology": (
        _("A business profile that asks for technology partnerships only."),
        _("Choose the technology profile, or add a commercial partnership."),
    ),
    "technology-that-is-business": (
        _("A technology profile that asks for supply or outsourcing only."),
        _("Choose the business profile, or add a technology partnership."),
    ),
    "investor-without-investment": (
        _("Only investors are sought, but no investment."),
        _("Add “Investment” to the partnerships, or other types of partner."),
    ),
    "investment-without-investor": (
        _("An investment is sought, but no investor."),
        _("Add “Investor” to the types of partner."),
    ),
    "territory-without-licence": (
        _("A licence territory without a licence."),
        _("Add “Licence” to the partnerships, or leave the territory empty."),
    ),
}
# What keeps a record from being published (check.objections), said where somebody tries to.
OBJECTIONS: dict[str, Promise] = {
    code: format_lazy(_("{problem} {advice}"), problem=WORDS[code][0], advice=WORDS[code][1])
    for code in ("application-unpublished", "type-of-other-kind")
}


@dataclass(frozen=True)
class Advice:
    """One finding as an editor reads it: the sentence in three pieces, so that the words can be marked."""

    wrong: str
    better: Promise
    field: Promise | str
    lang: str
    before: str
    words: str
    after: str


def groups(findings: Iterable[Finding]) -> list[tuple[Severity, Promise, list[Advice]]]:
    """The findings by severity, gravest first."""
    listed = list(findings)
    return [
        (severity, name, [advice(finding) for finding in listed if finding.severity is severity])
        for severity, name in SEVERITIES.items()
        if any(finding.severity is severity for finding in listed)
    ]


def advice(finding: Finding) -> Advice:
    """The words for one finding. A finding about a whole text shows none of it."""
    wrong, better = WORDS[finding.code]
    facts = dict(finding.facts)
    if "value" in facts:
        facts["value"] = str(records.choice(facts.get("field", "medical_stage"), facts["value"]))
    cut = finding.start - finding.sentence_start
    whole = finding.words == finding.sentence and finding.start == 0
    sentence = "" if whole else finding.sentence
    return Advice(
        str(wrong).format(**facts),
        better,
        records.field(finding.field) if finding.field else "",
        finding.lang,
        sentence[:cut],
        "" if whole else finding.words,
        sentence[cut + len(finding.words) :],
    )
