"""Which two ends of a bridge the front page shows."""

from typing import Any

from kakehashi.newsroom.front import Side, sides

HERE = Side("munich", {"en": "Munich"}, {"en": "Bavaria"}, here=True)
THERE = Side("osaka", {"en": "Osaka"}, {"en": "Kansai"}, here=False)


def party(side: str) -> dict[str, Any]:
    return {
        "node": f"{side}.example",
        "side": side,
        "place": {"en": side.title()},
        "region_name": {"en": "?"},
    }


def keys(*parties: str, own: str) -> list[tuple[str, bool]]:
    found = sides(HERE, [party(each) for each in parties], f"{own}.example", None)
    return [(side.key, side.here) for side in found]


def test_both_nodes_show_the_first_party_on_the_left() -> None:
    assert keys("munich", "osaka", own="munich") == [("munich", True), ("osaka", False)]
    assert keys("munich", "osaka", own="osaka") == [("munich", False), ("osaka", True)]


def test_of_three_parties_the_first_and_one_s_own_are_shown() -> None:
    assert keys("munich", "osaka", "kyoto", own="kyoto") == [("munich", False), ("kyoto", True)]
    assert keys("munich", "osaka", "kyoto", own="munich") == [("munich", True), ("osaka", False)]


def test_before_an_agreement_this_node_and_its_partner_are_the_ends() -> None:
    assert sides(HERE, [], "munich.example", THERE) == [HERE, THERE]
    assert sides(HERE, [], "munich.example", None) == [HERE]
