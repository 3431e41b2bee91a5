"""When too little room is left on the disk to take in what a partner sends."""

MIB = 2**20
LEAST, LEAST_IN_DEMONSTRATION = 2048 * MIB, 200 * MIB
SHARE = 10  # of a small disk a tenth is enough


def floor(total: int, *, demo: bool) -> int:
    """Bytes that stay free: 2 GiB, or a tenth of a disk smaller than 20 GiB; 200 MiB in a demonstration.

    A large disk that is nearly full is no reason to stop: what counts is room for some days.
    """
    return min(LEAST_IN_DEMONSTRATION if demo else LEAST, total // SHARE)


def is_low(free: int, total: int, *, demo: bool) -> bool:
    """True if reading partners should pause; serving them goes on."""
    return free < floor(total, demo=demo)
