"""Reads what somebody typed: its language, concepts and words, as expressions of the full-text table."""

import re
from dataclasses import dataclass

from kakehashi.matching import expression
from kakehashi.matching.concepts import LANGUAGES
from kakehashi.matching.expression import Expression, Phrase
from kakehashi.matching.glossary import Glossary, Mention
from kakehashi.text.detect import detect
from kakehashi.text.fold import clean
from kakehashi.text.stop import STOP
from kakehashi.text.tokens import Run, bigrams, runs, stem

LIMIT = 400  # characters that are read of a query
MOST_TERMS = 24
MOST_NAMED = 6  # concepts whose names help to find what is meant
FEW = 3  # words up to which capitals are not expected
SHORT = 48  # characters up to which a query is taken for a term, and not for a sentence
OPEN = 3  # letters from which a last word may be the beginning of a longer one
_SMALL = STOP["de"] | STOP["en"]
# Japanese is searched by stretches of kanji or katakana; hiragana between them is grammar.
_STRETCH = re.compile("[一-鿿㐀-䶿々]+|[ァ-ヺー・]+|[ぁ-ゖー]+")
_GRAMMAR = re.compile("[ぁ-ゖ]{1,2}")


@dataclass(frozen=True)
class Term:
    """A word that a record may contain; `marks`: its stem and parts, or folded stretch."""

    match: Expression
    marks: tuple[str, ...]
    cjk: bool
    open: bool = False  # still being typed: also the beginning of a longer word


@dataclass(frozen=True)
class Query:
    """What somebody looks for.

    `terms` are all words; `loose` those that belong to no concept. `names`: the concepts' preferred names per
    language; `topics`: what each concept belongs to. `covered`: the concepts say it all, so that KI, AI and
    人工知能 are the same query.
    """

    text: str
    lang: str
    terms: tuple[Term, ...]
    loose: tuple[Term, ...]
    concepts: tuple[str, ...]
    names: dict[str, str]
    topics: tuple[str, ...] = ()

    @property
    def is_short(self) -> bool:
        return len(self.text) <= SHORT

    @property
    def covered(self) -> bool:
        return bool(self.concepts) and not self.loose

    @property
    def empty(self) -> bool:
        return not self.terms


def read(text: str, reader_lang: str, glossary: Glossary) -> Query:
    """Understand a query; `reader_lang` is taken where the text itself does not tell its language."""
    text = " ".join(clean(text, LIMIT).split())
    mentions = _mentions(text, glossary)
    concepts = tuple(dict.fromkeys(mention.concept for mention in mentions))
    every = _telling(text)
    whole = [mention for mention in mentions if not mention.part]  # a compound says more than its parts
    loose = [run for run in every if not any(m.start <= run.start and run.end <= m.end for m in whole)]
    return Query(
        text,
        detect(text) or reader_lang,
        _terms(text, every, [], glossary),
        _terms(text, loose, whole, glossary),
        concepts,
        {lang: _names(concepts, lang, glossary) for lang in LANGUAGES if concepts},
        tuple(glossary.concepts[concept].topic for concept in concepts),
    )


def concept_token(concept: str) -> str:
    """A concept's id as one token of the full-text table."""
    return "".join(char for char in concept if char.isalnum())


def concept_match(concept: str) -> Expression:
    """Finds the records that name a concept."""
    return expression.concept(concept_token(concept))


def _names(concepts: tuple[str, ...], lang: str, glossary: Glossary) -> str:
    names = (glossary.concepts[concept].names[lang] for concept in concepts[:MOST_NAMED])
    return ("、" if lang == "ja" else ", ").join(names)


def _mentions(text: str, glossary: Glossary) -> list[Mention]:
    """The concepts named; in one to three words also those typed in small letters (ki, adc, krebs)."""
    if text.count(" ") >= FEW:
        return glossary.mentions(text)
    found = []
    for mention in glossary.mentions(text, loose=True):
        beside = text[max(mention.start - 1, 0) : mention.start] + text[mention.end : mention.end + 1]
        if "-" not in beside and text[mention.start : mention.end].casefold() not in _SMALL:
            found.append(mention)
    return found


def _telling(text: str) -> list[Run]:
    every = list(runs(text))
    return [run for run in every if run.cjk or run.text not in _SMALL] or every


def _terms(text: str, chosen: list[Run], known: list[Mention], glossary: Glossary) -> tuple[Term, ...]:
    found: dict[Expression, Term] = {}
    for run in chosen:
        last = run.end == len(text)
        for term in _japanese(text, run, known) if run.cjk else [_word(run, glossary, last=last)]:
            found.setdefault(term.match, term)
    return tuple(found.values())[:MOST_TERMS]


def _word(run: Run, glossary: Glossary, *, last: bool) -> Term:
    word, parts = stem(run.text), [stem(part) for part in glossary.compounds.split(run.text)]
    is_open = last and len(word) >= OPEN
    match = expression.word(word, open=is_open)
    if parts:
        match = Expression((*match.either, tuple(Phrase((part,)) for part in parts)))
    return Term(match, (word, *parts), cjk=False, open=is_open)


def _japanese(text: str, run: Run, known: list[Mention]) -> list[Term]:
    """A short run is looked for as it stands, a longer one by its stretches outside of known concepts."""
    covered = {place for m in known for place in range(m.start, m.end)}
    written = "".join(" " if at in covered else text[at] for at in range(run.start, run.end))
    stretches = _STRETCH.findall(written)
    telling = [stretch for stretch in stretches if not _GRAMMAR.fullmatch(stretch)]
    if not known and (len(stretches) <= 1 or not telling):
        telling = [written]
    return [_phrase(folded.text) for stretch in telling for folded in runs(stretch)]


def _phrase(folded: str) -> Term:
    pairs = bigrams(folded)[:-1]
    match = expression.word(*pairs) if pairs else expression.word(folded, open=True)
    return Term(match, (folded,), cjk=True)
