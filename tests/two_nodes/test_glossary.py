"""A change of the glossary crosses the bridge: proposed there, accepted by a curator, and searched by."""

from tests.two_nodes.nodes import Running

NAMES = {"de": "Bernsteinfilter", "ja": "琥珀濾過器", "en": "amber filter"}
ASKED = {"concept": "amber-filter", "text": NAMES["de"]}


def test_a_name_that_one_node_adds_finds_records_at_the_other_once_a_curator_there_took_it(
    pair: Running,
) -> None:
    pair.do("osaka", "publish", name=NAMES["ja"], region="JP-27")
    pair.do("munich", "name_concept", key="amber-filter", names=NAMES)
    pair.do("osaka", "pull")
    assert pair.do("osaka", "naming", **ASKED) == []  # nothing changes by itself
    assert pair.do("osaka", "take_proposals") == ["amber-filter"]
    assert f"{NAMES['ja']} 0" in pair.do("osaka", "naming", **ASKED)
    assert pair.do("osaka", "take_proposals") == []
