"""Claims with numbers: a comparison without a figure cannot be weighed."""

import re
from collections.abc import Iterator

from kakehashi.quality.findings import Finding, Severity, Wording
from kakehashi.text.sentences import sentences

FIELDS = ("summary", "advantages", "differentiation")
COMPARISON = {
    "de": re.compile(
        r"\b(?:höher|schneller|billiger|günstiger|besser|stärker|wirksamer|präziser|genauer|kürzer|länger|geringer"
        r"|niedriger|effizienter|stabiler|empfindlicher|sicherer|verträglicher)(?:e[mnrs]?)?\b"
        r"|\b(?:deutlich|erheblich|wesentlich|signifikant|drastisch|massiv)(?:e[mnrs]?)?\b",
        re.I,
    ),
    "en": re.compile(
        r"\b(?:higher|faster|cheaper|better|stronger|shorter|longer|lower|greater|safer"
        r"|more (?:efficient|accurate|precise|stable|potent|sensitive|selective|effective|economical)"
        r"|significantly|substantially|dramatically|considerably|drastically)\b",
        re.I,
    ),
    "ja": re.compile(
        r"大幅に|飛躍的に|著しく|格段に|顕著に|劇的に|はるかに|より(?:高い|速い|安い|強い|短い|長い|低い|正確)"
    ),
}
NUMBER = re.compile(
    r"[\d０-９]|[一二三四五六七八九十百千万億半数]倍|半分|半減"
    r"|\b(?:zwei|drei|vier|fünf|zehn|hundert|tausend|doppelt|halb|halbier)\w*"
    r"|\b(?:two|three|four|five|ten|hundred|thousand|half|halve[ds]?|twice|double[ds]?|triple[ds]?)\b|\w+fold\b",
    re.I,
)


def check(wording: Wording) -> Iterator[Finding]:
    """Comparisons of one text that stand in a sentence without any number."""
    if wording.field not in FIELDS:
        return
    for sentence in sentences(wording.text):
        match = COMPARISON[wording.lang].search(sentence.text)
        if match and not NUMBER.search(sentence.text):
            start = sentence.start + match.start()
            yield wording.finding("claim-without-number", Severity.MINOR, start, start + len(match.group()))
    if wording.field == "advantages" and wording.text.strip() and not NUMBER.search(wording.text):
        yield wording.finding("advantages-without-number", Severity.MINOR, 0, len(wording.text))
