"""Shows where a text answers a query: the best stretch of it, the found words marked."""

from typing import NamedTuple

from kakehashi.matching.glossary import Glossary
from kakehashi.matching.query import Query
from kakehashi.text.fold import clean
from kakehashi.text.sentences import weight
from kakehashi.text.tokens import Run, places, runs, stem

WIDTH = 230  # Latin characters; a Japanese one counts three times


class Piece(NamedTuple):
    """A stretch of text; `marked` if it is what was looked for."""

    text: str
    marked: bool


def found(text: str, query: Query, glossary: Glossary) -> list[tuple[int, int]]:
    """The places in a cleaned text that answer the query, in order, without overlap."""
    concepts = set(query.concepts)
    mentions = glossary.mentions(text) if concepts else []
    spans = [(mention.start, mention.end) for mention in mentions if mention.concept in concepts]
    for run in runs(text):
        spans += _in_run(text, run, query, glossary)
    return _merged(spans)


def cut(text: str, spans: list[tuple[int, int]], width: int = WIDTH) -> list[Piece]:
    """The stretch of about `width` with most of the places, as pieces; an ellipsis where text is left out."""
    text = clean(text)
    start, end = _window(text, spans, width)
    pieces = [Piece("… ", False)] if start else []
    at = start
    for left, right in spans:
        if start <= left and right <= end:
            pieces += [Piece(text[at:left], False), Piece(text[left:right], True)]
            at = right
    pieces += [Piece(text[at:end], False), *([Piece(" …", False)] if end < len(text) else [])]
    return [piece for piece in pieces if piece.text]


def _in_run(text: str, run: Run, query: Query, glossary: Glossary) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for term in query.terms:
        if run.cjk and term.cjk:
            size = len(term.marks[0])
            starts = _all(run.text, term.marks[0])
            at = places(text, run) if starts else []
            spans += [(at[start], at[start + size]) for start in starts]
        elif not run.cjk and not term.cjk and _is_word(run, term.marks, glossary, is_open=term.open):
            spans.append((run.start, run.end))
    return spans


def _is_word(run: Run, marks: tuple[str, ...], glossary: Glossary, *, is_open: bool) -> bool:
    word = stem(run.text)
    if word == marks[0] or (is_open and word.startswith(marks[0])):
        return True
    parts = {stem(part) for part in glossary.compounds.split(run.text)}
    return marks[0] in parts or (len(marks) > 1 and word in marks[1:])


def _all(text: str, part: str) -> list[int]:
    places, at = [], text.find(part)
    while at >= 0:
        places.append(at)
        at = text.find(part, at + len(part))
    return places


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, spans: list[tuple[int, int]], width: int) -> tuple[int, int]:
    """Begin at the place after which most follow within the width; at a word or sentence if one is near."""
    size = max(int(width * len(text) / max(weight(text), 1)), 20)
    if len(text) <= size * 1.2:
        return 0, len(text)
    begins = [start for start, _ in spans] or [0]
    best = max(begins, key=lambda begin: sum(begin <= start and end <= begin + size for start, end in spans))
    start = max(best - size // 6, 0)
    spaces = [text.rfind(mark, start, best) + 1 for mark in " 。、\n"]
    start = 0 if start < 12 else max(spaces) or start
    end = min(start + size, len(text))
    return start, max(end, next((right for left, right in spans if left < end < right), end))
