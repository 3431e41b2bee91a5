"""A change of the glossary as the record that crosses, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kakehashi.matching.concepts import LANGUAGES, Concept
from kakehashi.signing.commit import stamp
from kakehashi.translation.texts import original


def body_of(concept: Concept, *, retired: bool, why: str, lang: str, now: datetime) -> dict[str, Any]:
    """The body of a record of the kind "term" (records.kinds)."""
    others = {code: "\n".join(concept.others.get(code, ())) for code in LANGUAGES}
    return {
        "kind": "term",
        "lang": lang,
        "concept": concept.id,
        "topics": [concept.topic],
        "names": dict(concept.names),
        "why": why,
        "at": stamp(now),
        **({"retired": True} if retired else {}),
        **(
            {"others": {code: original(t) for code, t in others.items() if t}} if any(others.values()) else {}
        ),
        **({"reading": concept.reading} if concept.reading else {}),
        **({"context": list(concept.context)} if concept.context else {}),
    }


def concept_of(body: Mapping[str, Any]) -> Concept | None:
    """The concept that a record speaks of; None where it lacks a name in one of the languages."""
    names = {lang: body["names"].get(lang, "").strip() for lang in LANGUAGES}
    if not all(names.values()):
        return None
    others = {lang: body.get("others", {}).get(lang, {}).get("text", "") for lang in LANGUAGES}
    return Concept(
        id=body["concept"],
        topic=body["topics"][0],
        names=names,
        others={lang: tuple(filter(None, text.split("\n"))) for lang, text in others.items()},
        reading=body.get("reading", ""),
        context=tuple(body.get("context", ())),
    )
