"""F7 in its long form, in a database of its own: `python -m tests.recovery.f7 --entries 10000`."""

import argparse
import time
from importlib import import_module

import django
from django.db import transaction


def main() -> None:
    """Write so many entries, lose them to a restore, get them back; says how long that took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    wanted = parser.parse_args()
    import_module("tests.home")  # a node of its own, before Django reads its settings
    django.setup()
    django_test = import_module("django.test.utils")
    django_test.setup_test_environment()
    django_test.setup_databases(verbosity=0, interactive=False)
    with transaction.atomic():
        run(wanted.entries)
        transaction.set_rollback(True)


def run(entries: int) -> None:
    """One loss; AssertionError unless log and records are what they were."""
    clock, actions = import_module("kakehashi.clock"), import_module("kakehashi.recovery.actions")
    loss, sound = import_module("tests.recovery.loss"), import_module("tests.recovery.sound")
    records = import_module("kakehashi.records.models")
    made = loss.make(clock.now().replace(microsecond=0), entries)
    loss.lose(made)
    began, cpu = time.monotonic(), time.process_time()
    with made.reader.serving() as client:
        waiting = actions.settle(client, clock.now, impatient=False)
    seconds, used = time.monotonic() - began, time.process_time() - cpu
    assert not waiting, waiting
    sound.sound(made.world.ours)
    assert made.world.ours.size == made.size
    assert {*records.Record.objects.values_list("pk", flat=True)} == made.records
    print(
        f"{entries} entries came back in {seconds:.1f} s, {used:.1f} s of the processor with the partner's;"
        " the tree is the same, no fork"
    )


if __name__ == "__main__":
    main()
