"""node.json: what a node is, kept whole or not at all."""

from pathlib import Path

import pytest

from kakehashi import commands
from kakehashi import node as nodes
from kakehashi.bridge import demonstration
from kakehashi.errors import NodeMisconfigured


def test_both_demonstration_nodes_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    made = demonstration.create(tmp_path)
    assert nodes.nodes(tmp_path) == made


def test_a_node_is_found_by_name_side_or_folder(tmp_path: Path) -> None:
    demonstration.create(tmp_path)
    for name in ("osaka.example", "osaka", "osaka-example"):
        assert nodes.find(tmp_path, name).name == "osaka.example"


def test_with_two_nodes_one_must_be_chosen(tmp_path: Path) -> None:
    demonstration.create(tmp_path)
    with pytest.raises(NodeMisconfigured, match="munich"):
        nodes.find(tmp_path, None)


def test_an_existing_node_is_not_written_over(tmp_path: Path) -> None:
    first = demonstration.create(tmp_path)[0]
    nodes.save(nodes.Node(**{**vars(first), "port": 9999, "database": "postgresql://a/b"}))
    again = demonstration.create(tmp_path)[0]
    assert nodes.load(first.folder).port == 9999
    assert again.database == "postgresql://a/b"


@pytest.mark.parametrize("address", ["postgresql://nobody@127.0.0.1:1/nothing", "mysql://elsewhere"])
def test_a_database_that_does_not_answer_is_said_and_nothing_is_left(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAKEHASHI_HOME", str(tmp_path))
    facts = {"place": "München", "region": ["DE-BY"], "country": "DE", "operator": "a@biom.example"}
    with pytest.raises(NodeMisconfigured, match="Nothing was made"):
        commands.init("biom.example", **facts, database=address)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "x"}', '{"unknown": 1}'])
def test_a_broken_node_json_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "node.json").write_text(text)
    with pytest.raises(NodeMisconfigured, match=r"node\.json"):
        nodes.load(tmp_path)
