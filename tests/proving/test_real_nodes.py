"""The kit, and a proof from end to end, between two real nodes: processes, HTTP, databases on disk."""

import json
import subprocess
import sys
from pathlib import Path

from kakehashi.proving.verify import verify
from tests.two_nodes.nodes import ROOT, Running, two_nodes


def kit(bridge: Running, agreement: str, *more: str) -> subprocess.CompletedProcess[str]:
    """The kit as a party would start it: Osaka asks Munich."""
    osaka = bridge.nodes["osaka"]
    words = [f"http://127.0.0.1:{bridge.ports['munich']}", "--as", osaka.name, "--agreement", agreement]
    return subprocess.run(
        [sys.executable, "-m", "conformance", *words, "--keys", str(osaka.key_folder), *more],
        capture_output=True, text=True, check=False, cwd=ROOT, env=bridge.environment("osaka"), timeout=300,
    )  # fmt: skip


def test_two_nodes_meet_the_kit_and_prove_what_they_gave_each_other(tmp_path: Path) -> None:
    with two_nodes(tmp_path, agreed=False) as bridge:
        agreement = bridge.shake_hands()
        _, offer = bridge.do("munich", "publish", name="Würm Biotech GmbH")
        done = kit(bridge, agreement, "--write")
        assert done.returncode == 0, done.stdout + done.stderr
        assert " 0 failed, 1 left out" in done.stdout  # R6 wants a longer log
        bridge.do("osaka", "pull")
        for side, receiver in (("munich", "osaka.example"), ("osaka", "osaka.example")):
            file = tmp_path / f"{side}.json"
            words = ["prove", "--record", f"munich.example/{offer}", "--out", str(file)]
            command = [sys.executable, "-m", "kakehashi", *words, "--node", side]
            made = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                env=bridge.environment(side),
                timeout=300,
            )
            assert made.returncode == 0, made.stderr
            proven = verify(file.read_bytes())
            assert [seen.by for seen in proven.seen] == [receiver]
            assert json.dumps(proven.parts, ensure_ascii=False).count("Würm Biotech GmbH")
