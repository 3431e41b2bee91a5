"""Nothing confidential: names of persons, e-mail, telephone, patent applications not yet published."""

import re
from collections.abc import Iterator
from datetime import date

from kakehashi.quality.findings import Finding, Severity, Wording
from kakehashi.records.lint import contacts

_NAME = r"[A-ZÄÖÜ][\w'’-]+"
PERSONS = {
    "de": re.compile(
        rf"\b(?:Herrn?|Frau)\s+(?:(?:Dr|Prof)\.\s*)*{_NAME}(?:\s{_NAME})?"
        rf"|\b(?:Dr|Prof)\.\s*(?:(?:Dr|Prof|med|rer|nat|habil)\.\s*)*(?:{_NAME}|[A-Z]\.)(?:\s(?:von|van|de|zu)\b)?(?:\s{_NAME})?"
        rf"|\bAnsprechpartner(?:in)?\s*:\s*\S+"
    ),
    "en": re.compile(
        rf"\b(?:Mr|Ms|Mrs)\.?\s+{_NAME}|\b(?:Dr|Prof)\.?\s+(?:{_NAME}|[A-Z]\.)(?:\s{_NAME})?"
        rf"|\bProfessor\s+{_NAME}\s{_NAME}|\b[Cc]ontact person\s*:\s*\S+"
    ),
    "ja": re.compile(
        r"(?<![一-鿿々])[一-鿿々]{2,5}(?:氏|様)(?![一-鿿々])"
        r"|(?<![一-鿿々])(?![一-鿿々]{0,4}?(?:大学|特任|名誉|客員|招聘|主任|助教|学部|研究))"
        r"[一-鿿々]{2,5}?(?:准?教授|博士)(?!号|課程)"
        r"|担当(?:者)?[:：]\s*\S+"
    ),
}
NO_PERSON = re.compile(
    r"(?:Dr|Prof)\.?\s*(?:von\s)?\S+\s?(?:Pharma|GmbH|AG|KG|Laboratories|Reddy|Hauner\w*)"
    r"|Dr\. Falk|(?:同|各|両|仕|模|有|多)様"
)
# Numbers that only the office and the applicant know before publication; year in the first group.
APPLICATIONS = (
    re.compile(r"\bPCT/[A-Z]{2}\s?(\d{4})/\d{5,6}\b"),
    re.compile(r"特願(?:平|昭|令)?\s?(\d{4})\s?[-‐－]\s?\d{1,6}"),
    re.compile(r"\bDE\s?10\s?(\d{4})\s?\d{3}\s?\d{3}\.\d\b"),
    re.compile(r"\bEP\s?(\d{2})\s?\d{3}\s?\d{3}\.\d\b"),
    re.compile(r"\bUS\s?(\d{2})/\d{3},\d{3}\b"),
)
NOT_YEARS = 4  # from here on in APPLICATIONS the first group is no year
PUBLISHED_AFTER = 2  # full years: an application is published 18 months after its first filing
SECRET = {
    "de": re.compile(
        r"(?<!nicht )\b(?:streng |noch )?(?:vertraulich(?:e[mnrs]?)?|geheim(?:e[mnrs]?)?)\b"
        r"|\bvor der (?:Patent)?[Aa]nmeldung\b|\bnoch nicht (?:zum Patent )?angemeldet\b"
        r"|\bunveröffentlicht\w* (?:Daten|Ergebnis\w*)",
        re.I,
    ),
    "en": re.compile(
        r"(?<!non-)\b(?:strictly |highly )?confidential\b(?! (?:basis|information agreement|disclosure))"
        r"|\bbefore (?:the )?(?:patent )?(?:filing|application)\b|\bnot yet (?:been )?(?:filed|patented)\b"
        r"|\bunpublished (?:data|results)\b",
        re.I,
    ),
    "ja": re.compile(
        r"社外秘|部外秘|極秘|機密事項|未公開(?:データ|情報)|未発表(?:データ|の結果)|未出願|出願前"
    ),
}


def check(wording: Wording, today: date) -> Iterator[Finding]:
    """What one text gives away."""
    for contact in contacts(wording.text):
        yield wording.finding(contact.code, Severity.BLOCKER, contact.start, contact.end)
    for match in PERSONS[wording.lang].finditer(wording.text):
        if not NO_PERSON.search(wording.text, match.start(), match.end() + 12):
            yield wording.finding("person-named", Severity.MAJOR, *match.span())
    for match in SECRET[wording.lang].finditer(wording.text):
        yield wording.finding("secret-words", Severity.MAJOR, *match.span())
    yield from _applications(wording, today)


def _applications(wording: Wording, today: date) -> Iterator[Finding]:
    for place, pattern in enumerate(APPLICATIONS):
        for match in pattern.finditer(wording.text):
            filed = _year(match.group(1), place, today)
            if filed is not None and today.year - filed > PUBLISHED_AFTER:
                yield wording.finding("application-number", Severity.MINOR, *match.span())
            else:
                yield wording.finding("application-unpublished", Severity.BLOCKER, *match.span())


def _year(digits: str, place: int, today: date) -> int | None:
    """The year of filing, where the number tells it; American serial numbers do not."""
    if place == NOT_YEARS:
        return None
    if len(digits) == 4:
        return int(digits)
    century = today.year // 100 * 100
    return century + int(digits) if int(digits) <= today.year % 100 else century - 100 + int(digits)
