"""The kinds of record and their fields: one description that forms, templates, checks and imports share.

Six kinds carry content and have pages; eight more are the conversation about it (EXCHANGE.md section 18).

Offer and request follow the partnering profiles of the Enterprise Europe Network (types BO, BR, TO, TR,
RDR). Values of choices are the codes that travel; their names are in `records/labels.py`.
"""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from kakehashi.records.regions import REGIONS
from kakehashi.records.topics import TOPICS

FieldType: TypeAlias = Literal[
    "texts",  # translatable, one line
    "long_texts",  # translatable, paragraphs
    "terms",  # translatable, one term a line
    "names",  # {"de": …, "ja": …, "en": …}: forms really in use, no translation
    "string",
    "choice",
    "choices",
    "integer",
    "decimal",  # a string such as "48.107"
    "date",  # YYYY, YYYY-MM or YYYY-MM-DD
    "moment",  # 2026-11-22T09:00:00Z
    "flag",
    "url",
    "money",  # {"value": "6000000", "currency": "EUR"}
    "reference",  # {"origin", "id", "name"[, "ror"]}
    "references",
    "target",  # {"origin", "id"}: the record that this one answers
    "sources",  # [{"url", "title"[, "date"]}]
    "strings",  # a list of plain strings, such as DOIs
    "rows",  # a list of objects with members of their own
]


@dataclass(frozen=True)
class Field:
    """One member of a record's body. `limit` is characters for texts, items for lists; `row` is for rows."""

    name: str
    type: FieldType
    required: bool = False
    limit: int = 500
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    group: str = "main"
    row: "tuple[Field, ...]" = ()


STAGES = ("concept", "under_development", "lab_tested", "demonstration", "on_the_market")
MEDICAL_STAGES = ("preclinical", "phase_1", "phase_2", "phase_3", "approved")
IPR = ("none", "know_how", "applied", "granted")
EEN_TYPES = ("TO", "TR", "BO", "BR", "RDR")
PARTNERSHIPS = (
    "commercial",
    "investment",
    "outsourcing",
    "supplier",
    "commercial_with_technical_assistance",
    "rd_cooperation",
    "licence",
)
PARTNER_TYPES = ("company", "university", "research_institute", "hospital", "investor", "public_body")
PARTNER_SIZES = ("micro", "small", "medium", "large")
EVENTS = (
    "financing",
    "licence_deal",
    "clinical_milestone",
    "approval",
    "acquisition",
    "foundation",
    "expansion",
    "partnership",
    "award",
    "research_result",
    "policy",
    "event",
)
ORGANISATION_TYPES = (
    "company",
    "university",
    "research_institute",
    "hospital",
    "cluster",
    "investor",
    "public_body",
    "transfer_office",
)
PROVENANCES = ("posted", "public_sources", "invented")
TOPIC_CODES = tuple(TOPICS)
REGION_CODES = tuple(REGIONS)

_HEAD = (
    Field("title", "texts", required=True, limit=200),
    Field("summary", "long_texts", required=True, limit=500),
)
_OWNER = (Field("organisation", "reference", required=True),)
_TOPICS = Field(
    "topics", "choices", required=True, limit=len(TOPIC_CODES), choices=TOPIC_CODES, group="about"
)
_TAIL = (
    _TOPICS,
    Field("keywords", "terms", limit=1000, group="about"),
    Field("source_date", "date", group="source"),
    Field("sources", "sources", limit=20, group="source"),
    Field("provenance", "choice", choices=PROVENANCES, group="source"),
)
_BODY = Field("body", "long_texts", limit=20_000)

_PROFILE = (
    *_HEAD,
    *_OWNER,
    Field("een_type", "choice", required=True, choices=EEN_TYPES),
    _BODY,
    Field("advantages", "long_texts", limit=4000),
    Field("technical", "long_texts", limit=4000),
    Field("differentiation", "long_texts", limit=2000),
    Field("stage", "choice", choices=STAGES, group="stage"),
    Field("trl", "integer", least=1, most=9, group="stage"),
    Field("medical_stage", "choice", choices=MEDICAL_STAGES, group="stage"),
    Field("ipr", "choice", choices=IPR, group="stage"),
    Field("sought_partner", "long_texts", limit=400, group="partner"),
    Field("partner_types", "choices", limit=6, choices=PARTNER_TYPES, group="partner"),
    Field("partner_role", "long_texts", limit=1000, group="partner"),
    Field("partner_sizes", "choices", limit=4, choices=PARTNER_SIZES, group="partner"),
    Field("partnership", "choices", required=True, limit=3, choices=PARTNERSHIPS, group="partner"),
    Field("licence_territory", "string", limit=200, group="partner"),
    Field("open_for_interest", "flag", group="partner"),
    Field("market_keywords", "strings", limit=5, group="about"),
    Field("technology_keywords", "strings", limit=5, group="about"),
    *_TAIL,
)

FIELDS: dict[str, tuple[Field, ...]] = {
    "organisation": (
        Field("names", "names", required=True, limit=200),
        Field("reading", "string", limit=200),
        Field("type", "choice", required=True, choices=ORGANISATION_TYPES),
        Field("summary", "long_texts", required=True, limit=500),
        Field("region", "choice", required=True, choices=REGION_CODES, group="place"),
        Field("city", "string", limit=100, group="place"),
        Field("latitude", "decimal", group="place"),
        Field("longitude", "decimal", group="place"),
        Field("website", "url", limit=500, group="place"),
        Field("ror", "string", limit=60, group="ids"),
        Field("lei", "string", limit=20, group="ids"),
        Field("corporate_number", "string", limit=20, group="ids"),
        Field("sector", "string", limit=200, group="facts"),
        Field("founded", "integer", least=1300, most=2100, group="facts"),
        Field("employees", "integer", least=0, most=5_000_000, group="facts"),
        Field("employees_year", "integer", least=1900, most=2100, group="facts"),
        # Registers such as ROR know no topics, and none is invented.
        replace(_TOPICS, required=False),
        *_TAIL[1:],
    ),
    "offer": _PROFILE,
    "request": _PROFILE,
    "development": (
        *_HEAD,
        Field("organisation", "reference"),
        Field("organisations", "references", limit=20),
        Field("event", "choice", required=True, choices=EVENTS),
        Field("date", "date", required=True),
        Field("amount", "money"),
        _BODY,
        *_TAIL,
    ),
    "academic": (
        *_HEAD,
        *_OWNER,
        Field("unit", "texts", limit=300),
        _BODY,
        Field("methods", "long_texts", limit=4000),
        Field("infrastructure", "long_texts", limit=4000),
        Field("collaboration", "long_texts", limit=4000),
        Field("key_works", "strings", limit=20),
        Field("identifiers", "strings", limit=20, group="ids"),
        *_TAIL,
    ),
    "practice": (
        *_HEAD,
        *_OWNER,
        Field("challenge", "long_texts", limit=6000),
        Field("approach", "long_texts", limit=6000),
        Field("results", "long_texts", limit=6000),
        Field("lessons", "long_texts", limit=6000),
        Field("transferable_to", "long_texts", limit=6000),
        *_TAIL,
    ),
}
KINDS = tuple(FIELDS)

RESULTS = ("business", "technology", "research", "none")
# What an interest, a reply, an outcome and its confirmation may say; introductions are derived from them.
SAYINGS: dict[str, tuple[str, ...]] = {
    "interest": ("asked", "returned", "checked", "withdrawn"),
    "reply": ("passed", "accepted", "declined"),
    "outcome": ("meeting", "cda", "negotiation", "cancelled", *RESULTS),
    "confirmation": ("confirmed", "disputed"),
}
REASONS = (
    "too_early",
    "benefit_unclear",
    "commercial_route_unclear",
    "description_unclear",
    "scientific",
    "off_strategy",
    "no_capacity",
    "ip",
    "other",
)
RETURNS = ("incomplete", "does_not_fit", "confidential", "asked_already", "other")  # by the own cluster


def _saying(kind: str, *more: Field) -> tuple[Field, ...]:
    says = Field("says", "choice", required=True, choices=SAYINGS[kind])
    message = Field("message", "long_texts", limit=4000)
    return (_ABOUT, *_OWNER, says, Field("at", "moment"), *more, message, _CHOSEN_TOPICS)


_ABOUT = Field("about", "target", required=True)
_CHOSEN_TOPICS = replace(_TOPICS, required=False)  # those of the record that it is about, if it has any

# A mission is several records: its programme and its schedule by the host, one participation for each
# organisation by that one's own node (missions/).
MISSION_SAYS = ("programme", "participation", "schedule")
_WHILE = (Field("from", "moment", required=True), Field("to", "moment", required=True))
_AT_TIMES = (Field("from", "moment"), Field("to", "moment"))
_MEETS = Field("organisation", "reference", required=True)  # of another side
_NAME = Field("name", "string", required=True, limit=100)
_TALK = (
    *(Field(name, "target", required=True) for name in ("host", "guest")),
    Field("start", "moment", required=True),
    Field("table", "string", limit=100),
    Field("interpreter", "string", limit=100),
    Field("fixed", "flag"),
)
_MISSION = (
    *(replace(field, required=False) for field in (*_HEAD, _ABOUT)),
    *_OWNER,
    Field("says", "choice", required=True, choices=MISSION_SAYS),
    Field("date", "date"),
    Field("until", "date"),
    Field("city", "string", limit=100),
    Field("place", "string", limit=300),
    Field("zone", "string", limit=60),  # IANA name
    Field("minutes", "integer", least=5, most=240),
    Field("pause", "integer", least=0, most=120),
    Field("days", "rows", limit=10, row=_WHILE),
    Field("breaks", "rows", limit=40, row=(*_WHILE, replace(_NAME, required=False))),
    Field("tables", "rows", limit=80, row=(_NAME, *_AT_TIMES)),
    Field("interpreters", "rows", limit=30, row=(_NAME, Field("languages", "strings", limit=9), *_AT_TIMES)),
    Field("languages", "strings", limit=9),
    Field("most", "integer", least=1, most=200),
    Field("away", "rows", limit=20, row=_WHILE),
    Field(
        "wishes",
        "rows",
        limit=200,
        row=(_MEETS, Field("priority", "integer", least=1, most=3), Field("why", "long_texts", limit=500)),
    ),
    Field(
        "notes",
        "rows",
        limit=200,
        row=(
            _MEETS,
            Field("said", "long_texts", limit=2000),
            Field("next", "long_texts", limit=500),
            Field("due", "date"),
            Field("go_on", "flag"),
        ),
    ),
    Field("talks", "rows", limit=1000, row=_TALK),
    Field("value", "integer", least=0),
    Field("bound", "integer", least=0),
    Field("at", "moment"),
    _BODY,
    _CHOSEN_TOPICS,
)
# What a comment on a practice may be; a comment without it is just that.
COMMENTS = ("question", "answer", "endorsement", "adoption")
CONVERSATION: dict[str, tuple[Field, ...]] = {
    "interest": _saying(
        "interest",
        Field("cooperation", "choices", limit=3, choices=PARTNERSHIPS),
        Field("questions", "long_texts", limit=2000),
        Field("about_you", "long_texts", limit=2000),
        Field("reason", "choice", choices=RETURNS),
        Field("mission", "target"),  # the mission whose talk led to it
    ),
    "reply": _saying("reply", Field("reason", "choice", choices=REASONS)),
    "outcome": _saying(
        "outcome",
        Field("date", "date"),
        Field("start", "moment"),  # of a meeting
        Field("minutes", "integer", least=5, most=1440),
        Field("place", "string", limit=300),
        Field("zones", "strings", limit=2),  # IANA names: where it is proposed, and where the other side is
    ),
    "confirmation": _saying("confirmation", Field("result", "choice", required=True, choices=RESULTS)),
    "comment": (
        *(_ABOUT, *_OWNER),
        Field("says", "choice", choices=COMMENTS),
        Field("at", "moment"),
        Field("message", "long_texts", required=True, limit=4000),
        Field("result", "long_texts", limit=4000),  # of a practice taken over
        _CHOSEN_TOPICS,
    ),
    "mission": _MISSION,
    # How many records that do not cross fit one that did: at least so many; no word of which.
    "tally": (
        _ABOUT,
        Field("at_least", "integer", required=True, least=0, most=1000),
        Field("at", "moment", required=True),
        _CHOSEN_TOPICS,
    ),
    # A change of the glossary as its node made it: a proposal to the others.
    "term": (
        Field("concept", "string", required=True, limit=80),
        Field("retired", "flag"),
        replace(_TOPICS, limit=1),
        Field("names", "names", required=True, limit=120),
        Field("others", "terms", limit=4000),
        Field("reading", "string", limit=120),
        Field("context", "strings", limit=30),
        Field("why", "string", required=True, limit=300),
        Field("at", "moment", required=True),
    ),
}
OF_NODE = ("tally", "term")  # what the cluster's team says for itself: no organisation owns it
EVERY = {**FIELDS, **CONVERSATION}
TRANSLATABLE = ("texts", "long_texts", "terms")


def field(kind: str, name: str) -> Field:
    """The description of one member; KeyError if the kind has none of that name."""
    return next(f for f in FIELDS[kind] if f.name == name)
