"""How a rule is compiled: `kernel` for loops over rows, `inline` for the arithmetic inside them.

With SIM_NOJIT=1 the same functions run as plain Python, for debugging and as a check on the compiler.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

NOJIT = os.environ.get("SIM_NOJIT", "0") == "1"
F = TypeVar("F", bound=Callable[..., Any])


def cache_folder(package: Path) -> Path:
    """Where compiled kernels are kept: in the package's __pycache__, or in the user's cache where that is read-only.

    The compiler notices a change of a kernel's own file, but not of the arithmetic inlined into it: so the folder
    bears a digest of the files that hold inlined functions, and a changed one starts an empty folder.
    """
    digest = hashlib.sha256()
    for path in sorted((*package.glob("core/*.py"), *package.glob("agents/*.py"))):
        content = path.read_bytes()
        if b"sim.core.kernels import" in content or path.name == Path(__file__).name:
            digest.update(path.name.encode() + content)
    beside = package / "__pycache__"
    writable = os.access(beside if beside.is_dir() else package, os.W_OK)
    home = beside if writable else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "innopolicy"
    return home / f"kernels-{digest.hexdigest()[:16]}"


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
    from numba import config, njit, types
    from numba.extending import intrinsic

    if not os.environ.get("NUMBA_CACHE_DIR"):
        config.CACHE_DIR = str(cache_folder(Path(__file__).parent.parent))  # type: ignore[attr-defined]

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
