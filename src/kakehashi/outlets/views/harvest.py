"""OAI-PMH 2.0, read-only: the same answer to everyone, whoever is signed in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element

from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.errors import HarvestRefused
from kakehashi.outlets import dublin_core, full_format, harvest_xml, protocol, queries, sets
from kakehashi.outlets.full_schema import schema as full_schema
from kakehashi.outlets.given import Given, moment
from kakehashi.outlets.models import Item
from kakehashi.outlets.xml import add, document, element
from kakehashi.records.models import Reading

PAGE = 100
TYPE = "text/xml; charset=utf-8"
SAMPLE = UUID("6f0e2a52-6a54-4c0f-8f3f-5a7c9f8f2b11")


@csrf_exempt  # a question by POST changes nothing
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: Request) -> HttpResponse:
    """The one address of all six verbs."""
    given = request.POST if request.method == "POST" else request.GET
    pairs = [(name, value) for name, values in given.lists() for value in values]
    asked: dict[str, str] = {}
    try:
        question = protocol.read(pairs)
        asked = {"verb": question.verb, **question.arguments}
        answer = ANSWERS[question.verb](request, question)
    except HarvestRefused as refused:
        asked = {} if refused.code in ("badVerb", "badArgument") else asked
        answer = element("error", {"code": refused.code}, refused.detail)
    root = harvest_xml.envelope(_base(request), request.now, asked, answer)
    return HttpResponse(document(root), content_type=TYPE, headers={"Cache-Control": "no-cache"})


@require_safe
def schema(request: Request) -> HttpResponse:
    """The XML Schema of the format "kakehashi"."""
    return HttpResponse(document(full_schema()), content_type=TYPE)


def _base(request: Request) -> str:
    return request.build_absolute_uri(reverse("oai"))


def _identify(request: Request, question: protocol.Question) -> Element:
    node = this.node()
    made = element("Identify")
    for name, text in (
        ("repositoryName", _publisher()),
        ("baseURL", _base(request)),
        ("protocolVersion", "2.0"),
        ("adminEmail", f"postmaster@{node.name}"),
        ("earliestDatestamp", moment(queries.first_stamp() or request.now)),
        ("deletedRecord", "persistent"),
        ("granularity", protocol.GRANULARITY),
    ):
        add(made, name, text)
    made.append(harvest_xml.about_identifiers(node.name, protocol.identifier(node.name, SAMPLE)))
    return made


def _formats(request: Request, question: protocol.Question) -> Element:
    if question.get("identifier"):
        item = _item(question)
        if not queries.read([item.record], request.now):
            raise HarvestRefused("noMetadataFormats", "The record was taken back.")
    made = element("ListMetadataFormats")
    for prefix, address, namespace in (
        ("oai_dc", dublin_core.SCHEMA, dublin_core.NAMESPACE),
        ("kakehashi", request.build_absolute_uri(reverse("oai-schema")), full_format.NAMESPACE),
    ):
        described = add(made, "metadataFormat")
        add(described, "metadataPrefix", prefix)
        add(described, "schema", address)
        add(described, "metadataNamespace", namespace)
    return made


def _sets(request: Request, question: protocol.Question) -> Element:
    if question.get("resumptionToken"):
        raise HarvestRefused("badResumptionToken", "All sets fit into one answer.")
    made = element("ListSets")
    for spec, name in sets.names().items():
        described = add(made, "set")
        add(described, "setSpec", spec)
        add(described, "setName", name)
    return made


def _get(request: Request, question: protocol.Question) -> Element:
    write = _writer(question.get("metadataPrefix"))
    item = _item(question)
    made = element("GetRecord")
    made.append(_record(request, item, queries.read([item.record], request.now).get(item.record), write))
    return made


def _list(request: Request, question: protocol.Question) -> Element:
    """Headers or records, `PAGE` at a time; the token holds the question and the last item given."""
    state = _state(question)
    write = _writer(state["metadataPrefix"])
    since, until = protocol.span(state["from"], state["until"])
    after = (datetime.fromisoformat(state["stamp"]), UUID(state["record"])) if state["stamp"] else None
    rows = list(queries.items(spec=state["set"], since=since, until=until, after=after)[: PAGE + 1])
    if not rows:
        raise HarvestRefused("noRecordsMatch", "Nothing of that kind has changed in that time.")
    made, page = element(question.verb), rows[:PAGE]
    readings = queries.read([item.record for item in page], request.now)
    for item in page:
        reading = readings.get(item.record)
        headers_only = question.verb == "ListIdentifiers"
        made.append(_header(item, reading) if headers_only else _record(request, item, reading, write))
    if len(rows) > PAGE or after:
        size = queries.items(spec=state["set"], since=since, until=until).count()
        token = _token(question.verb, state, page) if len(rows) > PAGE else ""
        made.append(harvest_xml.resumption(token, size=size, before=state["before"]))
    return made


def _state(question: protocol.Question) -> dict[str, Any]:
    """The question of a list: as it is asked now, or as the token of the page before says."""
    token = question.get("resumptionToken")
    if not token:
        asked = {name: question.get(name) for name in ("metadataPrefix", "set", "from", "until")}
        return {**asked, "stamp": "", "record": "", "before": 0}
    try:
        return dict(signing.loads(token, salt=f"oai {question.verb}"))
    except signing.BadSignature:
        raise HarvestRefused(
            "badResumptionToken", "This token is not one of ours, or of another verb."
        ) from None


def _token(verb: str, state: dict[str, Any], page: list[Item]) -> str:
    last = {"stamp": page[-1].stamp.isoformat(), "record": str(page[-1].record)}
    return signing.dumps({**state, **last, "before": state["before"] + len(page)}, salt=f"oai {verb}")


def _item(question: protocol.Question) -> Item:
    item = queries.item(protocol.record_of(this.node().name, question.get("identifier")))
    if item is None:
        raise HarvestRefused("idDoesNotExist", "There is no record of this identifier.")
    return item


Write = Callable[[Request, Given], Element]


def _writer(prefix: str) -> Write:
    if prefix == "oai_dc":
        return lambda request, given: dublin_core.dublin_core(given)
    if prefix == "kakehashi":
        return lambda request, given: full_format.full(
            given, request.build_absolute_uri(reverse("oai-schema"))
        )
    raise HarvestRefused("cannotDisseminateFormat", "The formats are oai_dc and kakehashi.")


def _header(item: Item, reading: Reading | None) -> Element:
    specs = sorted(membership.spec for membership in item.memberships.all())
    name = protocol.identifier(this.node().name, item.record)
    return harvest_xml.header(name, item.stamp, specs, deleted=reading is None)


def _record(request: Request, item: Item, reading: Reading | None, write: Write) -> Element:
    metadata = write(request, _given(request, reading)) if reading else None
    return harvest_xml.record(_header(item, reading), metadata)


def _given(request: Request, reading: Reading) -> Given:
    with override(reading.lang):
        address = reverse("records:record", args=[reading.origin, reading.record])
    return Given(
        origin=reading.origin,
        record=reading.record,
        body=reading.body,
        published=reading.published_at or reading.changed_at,
        changed=reading.changed_at,
        expires=reading.expires_at,
        address=request.build_absolute_uri(address),
        publisher=_publisher(),
    )


def _publisher() -> str:
    title = this.node().title
    return title.get("en") or next(iter(title.values()))


ANSWERS: dict[str, Callable[[Request, protocol.Question], Element]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "ListIdentifiers": _list,
    "ListRecords": _list,
    "GetRecord": _get,
}
