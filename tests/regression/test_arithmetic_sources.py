"""Where the model's arithmetic comes from: + - * / and square roots, and what sim/core/arithmetic.py makes of them.

exp, log or a power of numpy or of the system's library differ in the last digit from one processor to the next, and a
compiler that may rearrange sums does too. tests/regression/test_processors.py sees it in the results, if a run happens
to meet such a digit; this sees it in the text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import python_files, text_of

LIBRARIES = ("math", "np", "numpy", "cmath")
LIBRARY_FUNCTIONS = {
    "exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "logaddexp", "pow", "power", "float_power", "cbrt",
    "hypot", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "arctan2", "asin", "acos", "atan", "atan2", "sinh",
    "cosh", "tanh", "erf", "erfc", "gamma", "lgamma", "dot", "matmul", "einsum", "inner", "tensordot", "vdot",
}  # fmt: skip
COMPILER, COMPILERS = "sim/core/kernels.py", ("jit", "njit", "vectorize", "guvectorize")


def faults(text: str, may_compile: bool = False) -> Iterator[str]:
    """Each use of a library's arithmetic, of a power or of a compiler in a file, as line and name."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in LIBRARIES:
            if node.attr in LIBRARY_FUNCTIONS:
                yield f"{node.lineno}: {node.value.id}.{node.attr}"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow | ast.MatMult):
            if isinstance(node, ast.AugAssign) or not _is_exact(node):
                yield f"{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.ImportFrom) and node.module in LIBRARIES:
            yield from (f"{node.lineno}: {name.name}" for name in node.names if name.name in LIBRARY_FUNCTIONS)
        elif isinstance(node, ast.keyword) and node.arg == "fastmath":
            yield f"{node.lineno}: fastmath"
        elif isinstance(node, ast.Name | ast.Attribute) and not may_compile:
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in COMPILERS:
                yield f"{node.lineno}: {name}"


def _is_exact(node: ast.BinOp) -> bool:
    """Whether a power is one of whole numbers or of two constants."""
    exponent = node.right.operand if isinstance(node.right, ast.UnaryOp) else node.right
    if not isinstance(node.op, ast.Pow) or not isinstance(exponent, ast.Constant):
        return False
    return isinstance(node.left, ast.Constant) or (exponent is node.right and exponent.value == 2)


def test_the_model_uses_no_arithmetic_but_its_own():
    found = [
        f"{path}:{fault}"
        for path in python_files("sim")
        for fault in faults(text_of(path), may_compile=path.as_posix() == COMPILER)
    ]
    assert not found, "use sim/core/arithmetic.py and @kernel:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "y = math.exp(x)", "y = np.log1p(x)", "from math import log", "y = x ** 0.5", "y = x ** n", "y = a @ b",
        "x **= 3", "f = njit(g)", "f = numba.njit(g)", 'o = {**{}, **dict(fastmath=True)}', "@njit\ndef f(): pass",
    ],
)  # fmt: skip
def test_the_look_sees_what_it_forbids(line):
    assert list(faults(line))


@pytest.mark.parametrize("line", ["y = math.sqrt(x)", "y = exp(x)", "y = 2.0**-54", "y = x**2", "y = 1 << 20"])
def test_the_look_leaves_exact_arithmetic_alone(line):
    assert not list(faults(line))
