"""How a rule is compiled: `kernel` for loops over rows, `inline` for the arithmetic inside them.

With SIM_NOJIT=1 the same functions run as plain Python, for debugging and as a check on the compiler.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from typing import Any, TypeVar

NOJIT = os.environ.get("SIM_NOJIT", "0") == "1"
F = TypeVar("F", bound=Callable[..., Any])

if NOJIT:

    def kernel(function: F) -> F:
        """Plain Python under SIM_NOJIT=1."""
        return function

    inline = kernel

    def float_bits(x: float) -> int:
        """The 64 bits of a float, as a signed integer."""
        return int(struct.unpack("<q", struct.pack("<d", x))[0])

    def bits_float(i: int) -> float:
        """The float whose 64 bits are the integer."""
        return float(struct.unpack("<d", struct.pack("<q", ((int(i) + (1 << 63)) & ((1 << 64) - 1)) - (1 << 63)))[0])
else:
    from llvmlite import ir
    from numba import njit, types
    from numba.extending import intrinsic

    _OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "boundscheck": False, "cache": True}

    def kernel(function: F) -> F:
        """Compile a loop over rows; cached on disk, no fast-math, no contraction."""
        compiled: F = njit(**_OPTIONS)(function)
        return compiled

    def inline(function: F) -> F:
        """Compile arithmetic that is called inside kernels."""
        compiled: F = njit(inline="always", **_OPTIONS)(function)
        return compiled

    @intrinsic
    def float_bits(typing_context: Any, x: Any) -> Any:
        """The 64 bits of a float, as a signed integer."""
        return types.int64(types.float64), lambda context, builder, signature, args: builder.bitcast(
            args[0], ir.IntType(64)
        )

    @intrinsic
    def bits_float(typing_context: Any, i: Any) -> Any:
        """The float whose 64 bits are the integer."""
        return types.float64(types.int64), lambda context, builder, signature, args: builder.bitcast(
            args[0], ir.DoubleType()
        )
