"""A third cluster without an agreement: it runs, it signs what it asks, and it learns nothing of the two."""

from pathlib import Path

from tests.two_nodes.nodes import Running, third_node


def questions(pair: Running) -> list[tuple[str, str, str]]:
    """All that two partners ask each other, about their agreement and both of its channels."""
    ((agreed, document),) = pair.do("munich", "agreements").items()
    channels = [channel["name"] for side in ("munich", "osaka") for channel in pair.do(side, "channels")]
    asked = [("GET", f"agreements/{agreed}", ""), ("PUT", f"agreements/{agreed}", document)]
    asked += [("POST", f"agreements/{agreed}/{what}", "{}") for what in ("proofs", "termination")]
    for name in channels:
        reads = ("", "/entries?from=0&limit=256", "/receipts/latest", "/tlog/checkpoint")
        asked += [("GET", f"channels/{name}{path}", "") for path in reads]
        asked += [("POST", f"channels/{name}{path}", "{}") for path in ("/receipts", "/purge")]
    return asked


def test_a_third_cluster_without_an_agreement_gets_nothing_at_all(pair: Running, tmp_path: Path) -> None:
    pair.do("munich", "publish", name="Nur für Partner GmbH", audience="agreements")
    pair.do("osaka", "pull")
    asked = questions(pair)
    with third_node(pair, tmp_path) as kyoto:
        ask = {"base": pair.nodes["munich"].base, "asked": asked}
        strange = pair.do(kyoto, "ask", **ask)
        assert {status for status, _ in strange} == {401}  # nobody knows its key
        pair.do("munich", "meet", card=pair.do(kyoto, "card"))
        try:
            met = pair.do(kyoto, "ask", **ask)
        finally:
            pair.do("munich", "part", node="kyoto.example")
        answered = dict(zip(asked, met, strict=True))
        assert {each: answer for each, answer in answered.items() if answer[0] not in (403, 404)} == {}
        assert not [text for _, text in strange + met if "Nur für Partner" in text or "osaka" in text]
        assert pair.do(kyoto, "seen") == []
    assert "Nur für Partner GmbH 0" in pair.do("osaka", "seen")
