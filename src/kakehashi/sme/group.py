"""Who belongs to an enterprise: autonomous, partner, linked, and the exceptions (2003/361/EC, Annex, Art. 3).

Shares are percentages of capital or of voting rights, whichever is greater (Art. 6(2)).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from kakehashi.sme.figures import ZERO, Evidence, Figure, Span, exactly

PARTNER_FROM, LINKED_ABOVE = Fraction(25), Fraction(50)
ALL = exactly(100)
BUSINESS_ANGELS_BELOW = Fraction(1_250_000)  # euro, all of them together


class Side(StrEnum):
    """Where the other enterprise stands: it holds shares, shares in it are held, or one owner has both."""

    ABOVE = "above"
    BELOW = "below"
    BESIDE = "beside"  # through the same person in the same or an adjacent market, Art. 3(3)


class Kind(StrEnum):
    """What the other one is. All but ENTERPRISE matter only as holders."""

    ENTERPRISE = "enterprise"
    VENTURE_CAPITAL = "venture_capital"  # and public investment corporations
    BUSINESS_ANGEL = "business_angel"
    UNIVERSITY = "university"  # and non-profit research centres
    INSTITUTIONAL = "institutional"  # and regional development funds
    SMALL_AUTHORITY = "small_authority"  # budget below 10 million euro, fewer than 5,000 inhabitants
    PUBLIC_BODY = "public_body"
    PERSON = "person"


EXEMPT = {
    Kind.VENTURE_CAPITAL,
    Kind.BUSINESS_ANGEL,
    Kind.UNIVERSITY,
    Kind.INSTITUTIONAL,
    Kind.SMALL_AUTHORITY,
}
WITHOUT_ACCOUNTS = {Kind.PERSON, Kind.PUBLIC_BODY}  # public bodies count by Art. 3(4) instead


@dataclass(frozen=True)
class Holding:
    """A relation to another enterprise, as its source says it.

    `share` is a decimal string in percent, None if unknown. `controls`: linked by other means than shares
    (majority of votes, of the board, by contract or agreement). `together` is a name that holders carry who
    are linked with each other. `invested` is what a business angel has put in, in euro. `figures` are the
    other enterprise's own, consolidated where such accounts exist (Art. 6(3)).
    """

    name: str
    side: Side
    kind: Kind
    evidence: Evidence
    share: str | None = None
    controls: bool = False
    together: str = ""
    invested: str | None = None
    since: date | None = None
    until: date | None = None
    figures: tuple[Figure, ...] = ()
    open: bool = True

    def on(self, day: date) -> bool:
        """True if the relation stood at the end of that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    @property
    def percent(self) -> Span:
        return Span(Fraction(0), Fraction(100)) if self.share is None else exactly(self.share)


def factors(holdings: Sequence[Holding], day: date) -> list[tuple[Holding, Span]]:
    """How much of each related enterprise's figures counts on a day: 0, its percentage, or 1."""
    present = [holding for holding in holdings if holding.on(day)]
    return [(holding, _factor(holding, present)) for holding in present]


def public_share(holdings: Sequence[Holding], day: date) -> Span:
    """What public bodies hold together, in percent (Art. 3(4)); the bodies of Art. 3(2) do not count."""
    return _capped(ALL if body.controls else body.percent for body in public_bodies(holdings, day))


def public_bodies(holdings: Sequence[Holding], day: date) -> list[Holding]:
    """The public bodies that hold shares on a day."""
    return [h for h in holdings if h.on(day) and h.kind is Kind.PUBLIC_BODY and h.side is Side.ABOVE]


def _factor(holding: Holding, present: Sequence[Holding]) -> Span:
    if holding.kind in WITHOUT_ACCOUNTS:
        return ZERO
    if holding.side is Side.BESIDE:
        return exactly(1)
    together = [holding]
    if holding.together:
        together = [h for h in present if h.together == holding.together and h.side is holding.side]
    if any(h.controls for h in together):
        return exactly(1)
    share = _capped(h.percent for h in together)
    best, worst = (_exempt(holding, present, surely=surely) for surely in (False, True))
    high = share.high if share.high is not None else Fraction(100)
    return Span(_weight(share.low, exempt=best), _weight(high, exempt=worst))


def _weight(share: Fraction, *, exempt: bool) -> Fraction:
    if share > LINKED_ABOVE:
        return Fraction(1)
    return Fraction(0) if exempt or share < PARTNER_FROM else share / 100


def _exempt(holding: Holding, present: Sequence[Holding], *, surely: bool) -> bool:
    """Whether Art. 3(2) leaves the holder aside; with `surely`, only if nothing unknown could undo that."""
    if holding.side is not Side.ABOVE or holding.kind not in EXEMPT:
        return False
    if holding.kind is not Kind.BUSINESS_ANGEL:
        return True
    angels = [h for h in present if h.kind is Kind.BUSINESS_ANGEL and h.side is Side.ABOVE]
    if surely and any(h.invested is None for h in angels):
        return False
    return sum(Fraction(h.invested or 0) for h in angels) < BUSINESS_ANGELS_BELOW


def _capped(shares: Iterable[Span]) -> Span:
    """The sum of shares, at most the whole."""
    total = sum(shares, ZERO)
    high = total.high if total.high is not None else ALL.low
    return Span(min(total.low, ALL.low), min(high, ALL.low))
