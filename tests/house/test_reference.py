"""docs/commands.md says what the commands themselves say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_commands_is_what_the_commands_say_of_themselves() -> None:
    code = "from tools.reference import text; import sys; sys.stdout.buffer.write(text().encode())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    written = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert done.stdout.decode() == written, "run «make reference»"
