"""Exact products of very many rows, by the widest instructions that the processor has for them.

The library must never be given `out=`: it then hands back a None that it does not own, and after some ten
thousand calls an interpreter before 3.12 dies of it.
"""

import numpy as np
import simsimd
from numpy.typing import NDArray

Exact = NDArray[np.float64]
Whole = NDArray[np.int8]
Codes = NDArray[np.uint8]


def inner(ones: Whole, others: Whole) -> Exact:
    """The inner products of rows [n, d] with rows [m, d]: whole numbers [n, m]."""
    if not len(ones) or not len(others):
        return np.zeros((len(ones), len(others)))
    return np.asarray(simsimd.cdist(ones, others, metric="dot"), np.float64)


def paired(ones: Whole, others: Whole) -> Exact:
    """The inner product of each row [n, d] with the one at the same place of others: whole numbers [n]."""
    return np.asarray(simsimd.dot(ones, others), np.float64).reshape(-1) if len(ones) else np.zeros(0)


def differing(code: Codes, rows: Codes) -> Exact:
    """In how many bits each of the rows [n, bytes] differs from one [bytes]: whole numbers [n]."""
    if not len(rows):
        return np.zeros(0)
    found = simsimd.cdist(code[None, :], rows, metric="hamming", dtype="bin8")
    return np.asarray(found, np.float64).reshape(-1)
