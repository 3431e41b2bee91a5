"""`kakehashi up` as a person uses it: start, start again, Ctrl-C at any time, a taken port, a kill."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

pytestmark = pytest.mark.xdist_group("nodes")
PATIENCE = 120.0


class Started:
    """A supervisor in a process of its own, its output in a file."""

    def __init__(self, home: Path, *extra: str) -> None:
        self.home, self.out = home, home.parent / f"{home.name}.out"
        environment = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith("KAKEHASHI") and k != "DJANGO_SETTINGS_MODULE"
        }
        command = [sys.executable, "-m", "kakehashi", "up", "--demo", "--home", str(home), *extra]
        with self.out.open("ab") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=out, env=environment, start_new_session=True
            )

    def text(self) -> str:
        return " ".join(self.out.read_text("utf-8", "replace").split())

    def until(self, words: str) -> str:
        """Wait for words in the output; gives all of it."""
        deadline = time.monotonic() + PATIENCE
        while words not in self.text():
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.1)
        return self.text()

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, by: int = signal.SIGINT) -> str:
        if self.process.poll() is None:
            self.process.send_signal(by)
        self.process.wait(60)
        return self.text()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=30)
    return not alive


def test_it_starts_reports_stops_cleanly_and_continues(home: Path) -> None:
    first = Started(home)
    report = first.until("Stop with Ctrl-C")
    assert "matches found" in report
    assert "manager@munich.example" in report
    assert "manager@osaka.example" in report
    processes = first.children()
    assert "Nothing is lost" in first.stop()
    assert first.process.returncode == 0
    assert gone(processes)

    began = time.monotonic()
    second = Started(home)
    again = second.until("Stop with Ctrl-C")
    assert time.monotonic() - began < 60
    second.stop()
    assert again.count("given") >= 1


def test_a_second_start_is_told_where_the_first_one_serves(home: Path) -> None:
    first = Started(home)
    first.until("Open after")
    address = json.loads((home / "running.json").read_text())[0]
    second = Started(home)
    assert second.process.wait(30) == 1
    assert f"already running here: {address}" in second.text()
    with urlopen(f"{address}/healthz", timeout=5) as answer:
        assert answer.status == 200
    first.stop()


def test_a_taken_port_is_said_aloud_and_the_next_one_used(home: Path) -> None:
    try:
        server = socket.create_server(("127.0.0.1", 8001))
    except OSError:
        pytest.skip("port 8001 of this machine is in use by something else")
    with server:
        started = Started(home)
        text = started.until("Open after")
        started.stop()
    assert "Port 8001 is taken; munich.example uses" in text


@pytest.mark.parametrize("pause", [0.3, 1.5, 4.0])
def test_ctrl_c_at_any_time_leaves_a_home_that_starts_again(home: Path, pause: float) -> None:
    started = Started(home)
    time.sleep(pause)
    processes = started.children()
    started.stop()
    assert "Traceback" not in started.text()
    assert gone(processes)
    again = Started(home)
    again.until("Open after")
    again.stop()


def test_when_the_supervisor_is_killed_its_nodes_stop_too(home: Path) -> None:
    started = Started(home)
    started.until("Open after")
    processes = started.children()
    assert processes
    started.stop(signal.SIGKILL)
    assert gone(processes)


def test_a_web_process_that_falls_is_started_again(home: Path) -> None:
    started = Started(home)
    started.until("Open after")
    address = json.loads((home / "running.json").read_text())[0]
    web = next(p for p in started.children() if "kakehashi.serve" in " ".join(p.cmdline()))
    web.kill()
    started.until("serve fell and was started again")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/healthz", timeout=1):
                break
        except OSError:
            time.sleep(0.2)
    else:
        pytest.fail("the page did not come back")
    started.stop()
