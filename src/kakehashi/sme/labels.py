"""What people read instead of codes, and one readable row for each line of a result."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils import formats, numberformat
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kakehashi.records.sentences import say
from kakehashi.sme import eu, japan
from kakehashi.sme.figures import COUNTS, Span
from kakehashi.sme.jsic import Sector, sector_of
from kakehashi.sme.results import Answer, Line, Missing, Part, Result, Size
from kakehashi.ui.languages import reader_language

REGIMES: dict[str, Promise] = {"eu": _("European Union"), "jp": _("Japan")}
LAWS: dict[str, Promise] = {
    "eu": _("Commission Recommendation 2003/361/EC, Annex, Articles 2 to 6"),
    "jp": _("Small and Medium-sized Enterprise Basic Act (Act No. 154 of 1963), Article 2"),
}
SOURCES = {"eu": eu.SOURCE, "jp": japan.SOURCE}
WHAT: dict[str, Promise] = {
    "staff": _("Staff in annual work units"),
    "turnover": _("Turnover"),
    "balance_sheet": _("Balance sheet total"),
    "capital": _("Capital"),
    "employees": _("Regular employees"),
    "small": _("Regular employees, for a small enterprise"),
    "sector": _("Sector"),
    "legal_form": _("Legal form"),
    "public_share": _("Share held by public bodies"),
    "share": _("Share held"),
}
SECTORS: dict[str, Promise] = {
    Sector.OTHER: _("Manufacturing, construction, transport and others"),
    Sector.WHOLESALE: _("Wholesale"),
    Sector.SERVICES: _("Services, research among them"),
    Sector.RETAIL: _("Retail and restaurants"),
}
FORMS: dict[str, Promise] = {
    japan.Form.COMPANY: _("Company"),
    japan.Form.INDIVIDUAL: _("One person’s business"),
    japan.Form.OTHER: _("Neither: a corporation of another kind, a university, a public body"),
}
SIDES: dict[str, Promise] = {
    "above": _("It holds shares in this organisation"),
    "below": _("This organisation holds shares in it"),
    "beside": _("The same person controls both, in the same or an adjacent market"),
}
KINDS: dict[str, Promise] = {
    "enterprise": _("Enterprise"),
    "venture_capital": _("Venture capital company or public investment corporation"),
    "business_angel": _("Business angel"),
    "university": _("University or non-profit research centre"),
    "institutional": _("Institutional investor or regional development fund"),
    "small_authority": _("Small local authority (budget below €10 million, fewer than 5,000 inhabitants)"),
    "public_body": _("Another public body"),
    "person": _("Private person"),
}
SIZES: dict[tuple[str, Size], Promise] = {
    ("eu", Size.MICRO): _("Yes: a micro enterprise"),
    ("eu", Size.SMALL): _("Yes: a small enterprise"),
    ("eu", Size.MEDIUM): _("Yes: a medium-sized enterprise"),
    ("eu", Size.LARGE): _("No: not a small or medium-sized enterprise"),
    ("jp", Size.SMALL): _("Yes: a small enterprise"),
    ("jp", Size.MEDIUM): _("Yes: a small or medium-sized enterprise"),
    ("jp", Size.LARGE): _("No: not a small or medium-sized enterprise"),
}
CLASSES: dict[Size, Promise] = {
    Size.MICRO: _("micro enterprise"),
    Size.SMALL: _("small enterprise"),
    Size.MEDIUM: _("medium-sized enterprise"),
    Size.LARGE: _("large enterprise"),
}
PEOPLE = "people"  # how counts are said; in figures they have no unit
YES = _("Yes: a small or medium-sized enterprise, its class is open")
UNDETERMINED = _("Undetermined: figures are missing")
GAPS: dict[str, Promise] = {
    "missing": _("not known"),
    "no-rate": _("cannot be converted: no exchange rate of that year is on file"),
    "share-unknown": _("the share is not known"),
    "too-old": _("the figure on file is older than three years"),
}
VERDICTS: dict[bool | None, tuple[str, Promise]] = {
    True: ("○", _("met")),
    False: ("×", _("not met")),
    None: ("－", _("not settled")),
}
PROBLEMS: dict[str, Promise] = {
    "amount": _("Write a number that is not below nought, with at most four places after the point."),
    "share": _("A share is at most 100 per cent."),
    "currency": _("Write the currency’s three letters, such as EUR or JPY."),
    "sector": _("This code does not settle the sector; give more digits, or choose a sector."),
    "day": _("This day is too long ago, or lies in the future."),
    "order": _("The end comes before the beginning."),
    "kind-above": _("Only somebody who holds shares in this organisation can be of this kind."),
}


@dataclass(frozen=True)
class Row:
    """One test as a reader sees it."""

    mark: str
    word: Promise
    name: Promise
    value: str | Promise
    limit: str | Promise
    asks: str | Promise
    decides: bool
    open: bool
    parts: tuple[Part, ...]
    group: bool


def answer(result: Result) -> Promise:
    """The answer with the class."""
    if result.size is not None:
        return SIZES[result.regime, result.size]
    return YES if result.answer is Answer.YES else UNDETERMINED


def problem(code: str) -> Promise:
    """The sentence for one code of `inputs`; those that records know too are said alike."""
    return PROBLEMS.get(code) or say(code)


def law_address(regime: str) -> str:
    """Where the law stands, in the reader's language if it is there."""
    addresses = SOURCES[regime]
    return addresses.get(reader_language()) or addresses.get("en") or next(iter(addresses.values()))


def row(line: Line) -> Row:
    """The words for one line."""
    mark, word = VERDICTS[line.holds]
    name = WHAT[line.what]
    group = len(line.parts) > 1
    asked = limit(line)
    asks: str | Promise = format_lazy(_("The law asks for: {limit} ({word})"), limit=asked, word=word)
    if line.what == "sector":
        asks = asked
    return Row(
        mark, word, name, value(line), asked, asks, line.decides, line.holds is None, line.parts, group
    )


def value(line: Line) -> str | Promise:
    """The figure, or why none is shown."""
    if line.hidden:
        return _("not public")
    if line.code:
        return named(line.what, line.code)
    if line.span.known:
        return amount(line.span.low, unit(line))
    gaps = [part.gap for part in line.parts if part.gap]
    if len(line.parts) == 1 and gaps:
        return GAPS[gaps[0]]
    return between(line.span, unit(line))


def unit(line: Line) -> str:
    """The unit of a line as it is said."""
    return PEOPLE if line.what in (*COUNTS, "small") else line.unit


def between(span: Span, unit: str) -> Promise:
    """What is known of an amount that is not known exactly."""
    low = amount(span.low, unit)
    if span.high is None:
        return format_lazy(_("at least {amount}"), amount=low)
    return format_lazy(_("from {low} to {high}"), low=low, high=amount(span.high, unit))


def limit(line: Line) -> str | Promise:
    """What the law asks for."""
    if line.what == "legal_form":
        return _("a company or one person’s business")
    if line.what == "sector":
        return _("It sets the limits.")
    text = amount(line.limit, unit(line))
    if line.strict and line.unit == "%":
        return format_lazy(_("below {amount}"), amount=text)
    return format_lazy(_("fewer than {amount}") if line.strict else _("at most {amount}"), amount=text)


def named(what: str, code: str) -> Promise | str:
    """The name of a sector or legal form; a JSIC code is shown with its sector."""
    if what == "legal_form":
        return FORMS.get(code, code)
    sector = sector_of(code)
    if sector is None or code == sector:
        return SECTORS.get(code, code)
    return format_lazy(_("{sector} (JSIC {code})"), sector=SECTORS[sector], code=code)


def amount(number: Fraction | str, unit: str) -> str:
    """A number with its unit, at most two places after the point."""
    return _with_unit(_rounded(Fraction(number)), unit)


def exact(value: str) -> str:
    """A decimal string with all its places."""
    return _written(Decimal(value), len(value.partition(".")[2]))


UNITS: dict[str, Promise] = {
    "EUR": _("{number} euros"),
    "JPY": _("{number} yen"),
    "%": _("{number} %"),
    PEOPLE: _("{number} people"),
}


def missing(gap: Missing) -> Promise:
    """One thing that is needed for an answer."""
    what = WHAT[gap.what]
    if gap.name:
        return format_lazy(_("{figure} of {name}: {why}"), figure=what, name=gap.name, why=GAPS[gap.gap])
    return format_lazy(_("{figure}: {why}"), figure=what, why=GAPS[gap.gap])


def sizes(pair: tuple[Size, Size]) -> Promise:
    """One class, or the range that is possible."""
    best, worst = pair
    if best == worst:
        return CLASSES[best]
    return format_lazy(_("{smallest} to {largest}"), smallest=CLASSES[best], largest=CLASSES[worst])


def _with_unit(text: str, unit: str) -> str:
    if unit in UNITS:
        return str(UNITS[unit]).format(number=text)
    return f"{text} {unit}" if unit else text


def _rounded(number: Fraction) -> str:
    """To two places, above a thousand to none, with a sign if that is not all of it."""
    near = round(number, 2) if number < 1000 else Fraction(round(number))
    places = next(n for n in (0, 1, 2) if (near * 10**n).denominator == 1)
    text = _written(Decimal(near.numerator) / Decimal(near.denominator), places)
    return text if near == number else f"≈ {text}"


def _written(number: Decimal, places: int) -> str:
    return numberformat.format(
        number,
        formats.get_format("DECIMAL_SEPARATOR"),
        decimal_pos=places,
        grouping=3,
        thousand_sep=formats.get_format("THOUSAND_SEPARATOR"),
        force_grouping=True,
    )
