"""Forms of missions. Days, breaks, tables and interpreters are typed as lines, faster than forms."""

from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi import this
from kakehashi.missions import bodies, labels, times
from kakehashi.missions.bodies import Held, Participant, Place, Programme, Wish
from kakehashi.missions.times import Span, Unclear
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import titled
from kakehashi.translation.texts import Texts, original, pick

Rows = list[dict[str, Any]]


def lined(label: Any, help_text: Any, **facts: Any) -> forms.CharField:
    """Several lines of text; CSS makes them as high as needed."""
    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    return forms.CharField(label=label, help_text=help_text, widget=widget, max_length=8000, **facts)


class ProgrammeForm(forms.Form):
    """What the host announces, in the language of the page."""

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(
        label=_("What it is about"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    host = forms.ChoiceField(label=_("Who invites"))
    city = forms.CharField(label=_("City"), max_length=100)
    place = forms.CharField(label=_("Venue"), max_length=300, required=False)
    zone = forms.CharField(
        label=_("Time zone"), max_length=60, help_text=_("Such as Asia/Tokyo or Europe/Berlin.")
    )
    days = lined(_("Days"), _("A line for each day: 2026-11-24 09:30-17:00"))
    breaks = lined(
        _("Breaks"),
        _("A line for each: 12:00-13:00 Lunch. It holds for every day unless the line begins with a date."),
        required=False,
    )
    minutes = forms.IntegerField(label=_("Minutes of a talk"), min_value=5, max_value=240, initial=25)
    pause = forms.IntegerField(label=_("Minutes between two talks"), min_value=0, max_value=120, initial=5)
    tables = lined(
        _("Tables and rooms"),
        _("A line for each; if it can be used for a time only: Room 2; 2026-11-24 13:00-17:00"),
    )
    interpreters = lined(
        _("Interpreters"),
        _("A line for each: Interpreter 1; ja, en. No names of persons: this crosses to the partner."),
        required=False,
    )
    lineage = forms.ChoiceField(label=_("Under which agreement"))

    def __init__(
        self, *args: Any, hosts: Iterable[Reading], agreements: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hosts = {str(row.record): row for row in hosts}
        self.fields["host"].choices = [(key, titled(row).text) for key, row in self.hosts.items()]  # type: ignore[attr-defined]
        choices = list(agreements)
        if len(choices) == 1:
            self.fields["lineage"].widget = forms.HiddenInput()
            self.fields["lineage"].initial = choices[0][0]
        self.fields["lineage"].choices = choices  # type: ignore[attr-defined]

    def clean_zone(self) -> str:
        name: str = self.cleaned_data["zone"].strip()
        if times.zone(name) is None:
            raise forms.ValidationError(_("There is no time zone of this name."))
        return name

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        zone = times.zone(facts.get("zone", ""))
        if zone is None:
            return facts
        self._read("days", lambda text: times.read_spans(text, zone))
        days = facts.get("days") if isinstance(facts.get("days"), list) else []
        self._read("breaks", lambda text: times.read_breaks(text, days or [], zone))
        self._read(
            "tables", lambda text: [Place(n, (), when) for n, _w, when in times.read_named(text, zone)]
        )
        self._read("interpreters", lambda text: _interpreters(text, zone))
        return facts

    def _read(self, name: str, read: Callable[[str], Any]) -> None:
        text = self.cleaned_data.get(name)
        if isinstance(text, str):
            try:
                self.cleaned_data[name] = read(text)
            except Unclear as error:
                self.add_error(name, labels.LINES[error.code] % {"line": error.line})

    def facts(self, lang: str) -> dict[str, Any]:
        """The members of a programme's body, in `lang`."""
        said, host = self.cleaned_data, self.hosts[self.cleaned_data["host"]]
        days: list[Span] = sorted(said["days"])
        zone = ZoneInfo(said["zone"])
        dates = [day.start.astimezone(zone).date().isoformat() for day in days]
        made = {
            "lang": lang,
            "title": {lang: original(said["title"])},
            "organisation": reference(host),
            "date": dates[0],
            "until": dates[-1],
            "days": [bodies.row(day) for day in days],
            "breaks": [
                {**bodies.row(span), **({"name": name} if name else {})} for span, name in said["breaks"]
            ],
            "tables": [bodies.place_row(each) for each in said["tables"]],
            "interpreters": [bodies.place_row(each) for each in said["interpreters"] or []],
            **{name: said[name] for name in ("zone", "city", "minutes", "pause")},
        }
        optional = {
            "summary": {lang: original(said["summary"])} if said["summary"] else None,
            "place": said["place"],
        }
        return {**made, **{name: value for name, value in optional.items() if value}}


def written(programme: Programme, lang: str) -> dict[str, Any]:
    """What the form is filled with to change a programme."""
    zone = programme.zone
    title, summary = pick(programme.title, lang), pick(programme.summary, lang)
    return {
        "title": title.text if title else "",
        "summary": summary.text if summary else "",
        "host": programme.host[1],
        "city": programme.city,
        "place": programme.place,
        "zone": zone.key,
        "days": "\n".join(times.write_span(day, zone) for day in programme.days),
        "breaks": "\n".join(
            f"{times.write_span(span, zone)} {name}".strip() for span, name in programme.breaks
        ),
        "minutes": programme.minutes,
        "pause": programme.pause,
        "tables": "\n".join(_place_line(place, zone) for place in programme.tables),
        "interpreters": "\n".join(_place_line(place, zone) for place in programme.interpreters),
    }


def reference(row: Reading) -> dict[str, str]:
    """How a record names an organisation."""
    name = row.title.get(row.lang) or next(iter(row.title.values()))
    return {"origin": row.origin, "id": str(row.record), "name": name}


def _place_line(place: Place, zone: ZoneInfo) -> str:
    parts = [place.name, ", ".join(place.languages), times.write_span(place.when, zone) if place.when else ""]
    return "; ".join(part for part in parts if part)


def _interpreters(text: str, zone: ZoneInfo) -> list[Place]:
    found = []
    for number, (name, words, when) in enumerate(times.read_named(text, zone), 1):
        languages = tuple(word.lower() for word in words)
        if any(language not in labels.LANGUAGES for language in languages):
            raise Unclear(number, "language-unknown")
        if len(languages) < 2:
            raise Unclear(number, "language-missing")
        found.append(Place(name, languages, when))
    return found


class PartForm(forms.Form):
    """That an organisation takes part: which, in which languages, when not."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    languages = forms.MultipleChoiceField(
        label=_("Languages of its delegates"),
        help_text=_("Talks without a language in common get an interpreter."),
        choices=list(labels.LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    away = lined(
        _("When it is not there"),
        _("A line for each time: 2026-11-24 09:30-11:00. Local time of the mission."),
        required=False,
    )
    most = forms.IntegerField(label=_("At most so many talks"), min_value=1, max_value=200, required=False)

    def __init__(self, *args: Any, own: Iterable[Reading], zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own, self.zone = {str(row.record): row for row in own}, zone
        self.fields["organisation"].choices = [(key, titled(row).text) for key, row in self.own.items()]  # type: ignore[attr-defined]

    def clean_away(self) -> list[Span]:
        try:
            return times.read_spans(self.cleaned_data["away"], self.zone)
        except Unclear as error:
            raise forms.ValidationError(labels.LINES[error.code] % {"line": error.line}) from None

    def facts(self) -> dict[str, Any]:
        """The members of a participation's body."""
        said = self.cleaned_data
        made = {"languages": said["languages"], "away": [bodies.row(span) for span in said["away"]]}
        return {**made, **({"most": said["most"]} if said["most"] else {})}

    @property
    def chosen(self) -> dict[str, str]:
        return reference(self.own[self.cleaned_data["organisation"]])


def part_written(one: Participant, zone: ZoneInfo) -> dict[str, Any]:
    """What that form is filled with to change a part."""
    return {
        "organisation": one.company[1],
        "languages": list(one.languages),
        "away": "\n".join(times.write_span(span, zone) for span in one.away),
        "most": one.most or None,
    }


class WishForm(forms.Form):
    """Whom one participant wants to meet: a choice and a line of text for each of the other side."""

    def __init__(self, *args: Any, one: Participant, others: Iterable[Participant], lang: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.others, self.lang = list(others), lang
        self.before = {wish.company: wish for wish in one.wishes}
        for number, other in enumerate(self.others):
            wish = self.before.get(other.company)
            why = pick(wish.why, lang) if wish else None
            self.fields[f"priority-{number}"] = forms.TypedChoiceField(
                label=_("How much"),
                choices=[(0, _("no talk")), *labels.PRIORITY.items()],
                coerce=int,
                initial=wish.priority if wish else 0,
            )
            self.fields[f"why-{number}"] = forms.CharField(
                label=_("Why"), max_length=500, required=False, initial=why.text if why else ""
            )

    def rows(self) -> Rows:
        """The wishes as they travel. One whose words did not change keeps them with their language."""
        made: Rows = []
        for number, other in enumerate(self.others):
            priority = self.cleaned_data[f"priority-{number}"]
            if priority:
                why = self.cleaned_data[f"why-{number}"]
                made.append(wish_row(other, priority, self._texts(self.before.get(other.company), why)))
        return made

    def _texts(self, before: Wish | None, why: str) -> Texts:
        shown = pick(before.why, self.lang) if before else None
        if before and shown and shown.text == why:
            return before.why
        return {self.lang: original(why)} if why.strip() else {}


def wish_row(other: Participant, priority: int, why: Texts) -> dict[str, Any]:
    """A wish as it travels."""
    origin, record = other.company
    named = {"organisation": {"origin": origin, "id": record, "name": other.name}, "priority": priority}
    return {**named, **({"why": why} if why else {})}


class TalkForm(forms.Form):
    """A talk put by hand: who, when, at which table."""

    host = forms.ChoiceField(label=_("Host side"))
    guest = forms.ChoiceField(label=_("Guest side"))
    start = forms.ChoiceField(label=_("Time"))
    table = forms.ChoiceField(label=_("Table or room"), required=False)

    def __init__(
        self,
        *args: Any,
        sides: tuple[list[tuple[str, str]], list[tuple[str, str]]],
        starts: list[tuple[str, str]],
        tables: Iterable[Place],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = {"host": sides[0], "guest": sides[1], "start": starts}
        every = [("", _("whichever is free")), *((place.name, place.name) for place in tables)]
        for name, each in {**choices, "table": every}.items():
            self.fields[name].choices = each  # type: ignore[attr-defined]


def talk_written(talk: Held) -> dict[str, str]:
    """What that form is filled with to move a talk."""
    return {
        "host": "/".join(talk.host),
        "guest": "/".join(talk.guest),
        "start": talk.start.isoformat(),
        "table": talk.table,
    }


def home_zone() -> str:
    """The time zone of this node's side, where a mission of its own begins."""
    return this.node().time_zone
