"""Strategies for bodies: every kind with every field, drawn from the same description as the forms."""

from typing import Any

from hypothesis import strategies as st

from kakehashi.records import kinds
from kakehashi.records.kinds import Field
from kakehashi.translation.texts import LANGUAGES, machine, original, reviewed

LETTERS = "abc ÄöüßŌ－、。（）漢字カナ漢１２«»\"'<>&0123456789\u2060\u00a0"


def lines(limit: int, *, breaks: bool = False) -> st.SearchStrategy[str]:
    alphabet = LETTERS + ("\n\t" if breaks else "")
    return st.text(alphabet, min_size=1, max_size=min(limit, 40)).filter(lambda s: s.strip() == s and s)


@st.composite
def texts(draw: st.DrawFn, field: Field) -> dict[str, Any]:
    """One original, and translations of it that are machine-made or checked, some of them stale."""
    words = lines(field.limit, breaks=field.type != "texts")
    source, *others = draw(st.permutations(LANGUAGES))
    text = draw(words)
    made = {source: original(text)}
    for lang in others[: draw(st.integers(0, 2))]:
        of = draw(st.sampled_from([text, "older"]))
        checked = draw(st.booleans())
        other = draw(words)
        made[lang] = reviewed(other, of=of, by="BioM") if checked else machine(other, of=of, engine="test")
    return made


DATES = st.one_of(
    st.integers(1000, 9999).map(str),
    st.dates().map(lambda d: f"{d:%Y-%m}".zfill(7)),
    st.dates().map(lambda d: d.isoformat()),
)
DECIMALS = st.decimals(-180, 180, places=3).map(str)
URLS = lines(50).map(lambda s: "https://example.org/" + "".join(c for c in s if c.isalnum()))
REFERENCES = st.builds(
    lambda id, name: {"origin": "munich.example", "id": str(id), "name": name}, st.uuids(version=4), lines(60)
)


def value(field: Field) -> st.SearchStrategy[Any]:
    """Any value that the schema accepts for this field."""
    if field.type in kinds.TRANSLATABLE:
        return texts(field)
    choice = st.sampled_from(field.choices) if field.choices else st.nothing()
    return {
        "names": st.dictionaries(st.sampled_from(LANGUAGES), lines(field.limit), min_size=1),
        "string": lines(field.limit),
        "strings": st.lists(lines(60), min_size=1, max_size=min(field.limit, 4)),
        "choice": choice,
        "choices": st.lists(choice, min_size=1, max_size=min(field.limit, 3), unique=True),
        "integer": st.integers(field.least or 0, field.most if field.most is not None else 9999),
        "decimal": DECIMALS,
        "date": DATES,
        "flag": st.booleans(),
        "url": URLS,
        "money": st.builds(lambda v: {"value": str(v), "currency": "EUR"}, st.integers(0, 10**12)),
        "reference": REFERENCES,
        "references": st.lists(REFERENCES, min_size=1, max_size=3, unique_by=lambda r: r["name"]),
        "sources": st.lists(sources(), max_size=3),
    }[field.type]


def sources() -> st.SearchStrategy[dict[str, str]]:
    title = lines(80)
    return st.one_of(
        st.fixed_dictionaries({"url": URLS, "title": title}),
        st.fixed_dictionaries({"url": URLS, "title": title, "date": DATES}),
    )


@st.composite
def bodies(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """A body that `schema.problems` accepts (with a revision), optional fields present or not."""
    body: dict[str, Any] = {"kind": kind, "lang": draw(st.sampled_from(LANGUAGES))}
    for field in kinds.FIELDS[kind]:
        if field.required or draw(st.booleans()):
            body[field.name] = draw(value(field))
    return body


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
HOSTILE_RANGES = (
    *((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0x202A, 0x202E), (0x2066, 0x2069)),
    *((0xD800, 0xDFFF), (0xFEFF, 0xFEFF), (0xFFFE, 0xFFFF), (0xE0000, 0xE007F)),
)
HOSTILE_CHARACTERS = st.sampled_from(HOSTILE_RANGES).flatmap(lambda ends: st.integers(*ends)).map(chr)
