"""How many threads the libraries of one process may use, where several processes share a computer."""

from __future__ import annotations

import os

#: What OpenMP, the libraries for linear algebra, and those with threads or processes of their own look at.
VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "LOKY_MAX_CPU_COUNT",  # what joblib takes for the number of processors
)


def limit_threads(count: int) -> None:
    """Libraries that are loaded from now on use so many threads, unless somebody has said how many they may use."""
    for name in VARIABLES:
        os.environ.setdefault(name, str(count))
