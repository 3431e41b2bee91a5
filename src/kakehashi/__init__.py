"""Kakehashi (架け橋): the bridge on which two or more life-science clusters keep their agreement."""

import os

# Before numpy is imported anywhere. Several processes share the cores, and for matrices as small as ours the
# threads of linear algebra mostly wait for each other: one does the same work in a third of the time.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

__version__ = "0.1.0"
