"""Third person, and no marketing: words that a profile leaves out, in German, Japanese and English."""

import re
from collections.abc import Iterator

from kakehashi.quality.findings import Finding, Severity, Wording

FIRST_PERSON = {
    "de": re.compile(r"\b(?:[Ww]ir|[Uu]ns|[Uu]nser(?:e[mnrs]?)?|[Ii]ch|[Mm]ich)\b(?!-)"),
    "en": re.compile(
        r"\b(?:[Ww]e|us|[Oo]urs?|ourselves|[Mm]y)\b(?!-)"
        r"|\bI(?:['’](?:m|ve|d|ll)\b| (?:am|have|was|will|would|can|could|offer|seek|need|want)\b)"
    ),
    "ja": re.compile(
        r"弊社|弊学|小社|私たち|私達|私ども|我々|われわれ|我が社|わが社|(?<!日)本学(?![会術習者生校的説級年部])"
        r"|(?<![担該相適配見正順穏])当(?:社|院|研究室|研究所|センター|財団|グループ|大学|病院|事業部)(?![員長])"
    ),
}
SECOND_PERSON = {
    "de": re.compile(
        r"\b(?:[Kk]ontaktieren|[Ww]enden|[Mm]elden|[Ss]prechen|[Ss]chreiben|[Bb]esuchen|[Nn]utzen|[Ee]rfahren"
        r"|[Pp]rofitieren|[Ff]reuen|[Ss]uchen|[Mm]öchten|[Hh]aben) Sie\b"
    ),
    "en": re.compile(r"\b[Yy]ou(?:rs?|rself)?\b(?!-)|\b(?:[Cc]ontact|[Cc]all|[Vv]isit) (?:us|our)\b"),
    "ja": re.compile(r"あなた|貴社|御社|貴学|貴院"),
}
# What no reader can check, whatever the facts are.
PUFFERY = {
    "de": re.compile(
        r"\b(?:weltweit(?:e[mnrs]?)? führend\w*|weltbest\w*|weltklasse\w*|einzigartig\w*|revolutionär\w*"
        r"|bahnbrechend\w*|unübertroffen\w*|unvergleichlich\w*|unschlagbar\w*|konkurrenzlos\w*|erstklassig\w*"
        r"|exzellent\w*|hervorragend\w*|herausragend\w*|sensationell\w*|perfekt\w*|modernst\w*"
        r"|beste[mnrs]? (?:der|auf dem) (?:Welt|Markt)\w*|state[- ]of[- ]the[- ]art)\b",
        re.I,
    ),
    "en": re.compile(
        r"\b(?:world[- ](?:leading|class|beating)|market[- ]leading|industry[- ]leading"
        r"|unique(?! (?:molecular |patient |device )?identif)(?! to\b)"
        r"|revolutionary|ground-?breaking|cutting[- ]edge|state[- ]of[- ]the[- ]art|best[- ]in[- ]class"
        r"|unrivall?ed|unparallell?ed|unmatched|unsurpassed|game[- ]chang\w+|outstanding|excellent|superb"
        r"|perfect|amazing|exceptional|the best (?:in|on)|number one)\b",
        re.I,
    ),
    "ja": re.compile(
        r"世界最高|世界一(?!般)|世界トップ|世界をリード|業界(?:トップ|初|最高|随一|No)|唯一無二|画期的|革命的|圧倒的|抜群|究極|夢の"
        r"|比類(?:の)?ない|類を見ない|驚異的|驚くべき|ナンバーワン|No\.?1(?!\d)|最高峰"
    ),
}
# What may be true and wants a fact beside it.
BOASTING = {
    "de": re.compile(
        r"\b(?:führend(?:e[mnrs]?)?(?! zu\b)|innovativ(?:e[mnrs]?|ste\w*)?|hochmodern\w*|wegweisend\w*)\b",
        re.I,
    ),
    "en": re.compile(
        r"\b(?:leading(?! (?:to|strand|edge|cause|indication)\b)|innovative)\b",
        re.I,
    ),
    "ja": re.compile(r"世界初|国内初|日本初|トップクラス|革新的|屈指の|最先端|業界を代表"),
}
SHOUTING = re.compile(r"[!！]+")
MOST = 3  # findings of one sort in one text: more would say the same

_LISTS = (
    ("first-person", Severity.MAJOR, FIRST_PERSON),
    ("second-person", Severity.MINOR, SECOND_PERSON),
    ("marketing", Severity.MAJOR, PUFFERY),
    ("boasting", Severity.MINOR, BOASTING),
)


def check(wording: Wording) -> Iterator[Finding]:
    """Words in one text that a profile leaves out; those found once are not found again by a milder rule."""
    taken: list[tuple[int, int]] = []
    for code, severity, patterns in _LISTS:
        matches = patterns[wording.lang].finditer(wording.text)
        spans = [m.span() for m in matches if not _overlaps(m.span(), taken)][:MOST]
        taken += spans
        yield from (wording.finding(code, severity, *span) for span in spans)
    shouts = [match.span() for match in SHOUTING.finditer(wording.text)][:MOST]
    yield from (wording.finding("shouting", Severity.MINOR, *span) for span in shouts)


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)
