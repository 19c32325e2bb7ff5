"""Array types of the package.

A table of portfolios is an array ``choices`` of N rows and n columns, one column per project: 0 if the
project is not built, k if it is built with its k-th option.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]
Choices = npt.NDArray[np.int16]
