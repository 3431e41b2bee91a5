"""`kakehashi up` as a person uses it: start, start again, Ctrl-C at any time, a taken port, a kill."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import psutil

from tests.supervisor import OPEN, PATIENCE, Bridge, bare_environment


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    return not alive


def wait_until(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def answers(base: str) -> bool:
    try:
        with urlopen(f"{base}/healthz", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def serves(process: psutil.Process) -> bool:
    with suppress(psutil.Error):  # one that has just ended has no command line
        return "kakehashi.serve" in process.cmdline()
    return False


def test_it_reports_stops_cleanly_and_continues_where_it_stood(bridge: Bridge) -> None:
    report = bridge.said()
    assert "matches found" in report
    assert "manager@munich.example" in report
    assert "manager@osaka.example" in report
    processes = bridge.children()
    assert "Nothing is lost" in bridge.stop()
    assert bridge.process.returncode == 0
    assert gone(processes)
    assert "matches found" in bridge.start().until_ready().said()


def test_a_taken_port_is_said_aloud_and_the_next_one_used(bridge: Bridge) -> None:
    assert "Port 8001 is taken; munich.example uses" in bridge.said()
    assert ":8001" not in bridge.munich


def test_a_second_start_is_told_where_the_first_one_serves(bridge: Bridge) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "kakehashi", "up", "--demo", "--home", str(bridge.home)],
        env=bare_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert second.returncode == 1
    assert f"already running here: {bridge.munich}" in " ".join(second.stdout.split())
    with urlopen(f"{bridge.munich}/healthz", timeout=PATIENCE) as answer:
        assert answer.status == 200


def test_a_web_process_that_falls_is_started_again(bridge: Bridge) -> None:
    web = next(filter(serves, bridge.children()))
    web.kill()
    bridge.until("serve fell and was started again")
    assert wait_until(lambda: answers(bridge.munich))


def test_whenever_ctrl_c_or_a_kill_comes_nothing_runs_on_and_the_home_starts_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    started = Bridge(home, unsigned=True)
    is_open = (home / "running.json").exists
    moments = (
        (signal.SIGINT, lambda: started.children() != []),
        (signal.SIGINT, (home / "osaka" / "node.sqlite3").exists),
        (signal.SIGKILL, is_open),
    )
    for how, moment in moments:
        assert wait_until(lambda: started.children() != [])  # it listens
        assert wait_until(moment)
        processes = started.children()
        assert "Traceback" not in started.stop(how)
        assert gone(processes)
        started.start()
    processes = started.until(OPEN).children()
    assert "Nothing is lost" in started.stop()
    assert gone(processes)
