"""The hot arithmetic of the kernels: exp, log, powers, inverse distributions.

Only + - * / and square roots of IEEE doubles are used, so the bits do not depend on the processor or its maths
library. What dense loops call (exp, log, power, logistic, both Laplace) has no branch around costly arithmetic and
no operation that only the newest processors have for vectors, so that such loops run on vectors everywhere. Errors
against scipy are asserted in tests/core/test_arithmetic.py (exp, log: 2 ulp; normal: 1e-14).
Sources: fdlibm reductions for exp and log (Sun Microsystems 1993); normal quantile AS 241 (Wichura 1988).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.core.kernels import bits_float, float_bits, inline, kernel

SMALLEST = 1e-300
_POISSON_BY_NORMAL = 500.0  # above this mean the normal approximation is closer than the accumulated rounding
_BINOMIAL_BY_NORMAL = 240.0  # below this variance the chance of none, (1 - p)^n with p <= 1/2, is above e^-690


@inline
def exp(x: float) -> float:
    """e to the x; x is held within -700..700."""
    x = min(max(x, -700.0), 700.0)
    t = x * 1.4426950408889634 + 6755399441055744.0
    k = float_bits(t) - 0x4338000000000000
    kd = t - 6755399441055744.0
    r = (x - kd * 6.93147180369123816490e-01) - kd * 1.90821492927058770002e-10
    p = 1.6059043836821613e-10
    p = p * r + 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 1.984126984126984e-04
    p = p * r + 1.388888888888889e-03
    p = p * r + 8.333333333333333e-03
    p = p * r + 4.1666666666666664e-02
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    p = p * r * r + r
    return (1.0 + p) * bits_float((k + 1023) << 52)


@inline
def log(x: float) -> float:
    """Natural logarithm of a positive normal number."""
    b = float_bits(x)
    v = ((b - 0x3FE6A09E667F3BCD + (1024 << 52)) >> 52) & 0xFFF  # the mask makes it a plain shift
    k = bits_float(v | 0x4330000000000000) - 4503599627371520.0  # v - 1024 by way of 2^52 + v
    f = bits_float(b - ((v - 1024) << 52)) - 1.0
    s = f / (2.0 + f)
    z = s * s
    h = 0.5 * f * f
    r = 1.531383769920937332e-01 + z * 1.479819860511658591e-01
    r = 1.818357216161805012e-01 + z * r
    r = 2.222219843214978396e-01 + z * r
    r = 2.857142874366239149e-01 + z * r
    r = 3.999999999940941908e-01 + z * r
    r = z * (6.666666666666735130e-01 + z * r)
    return k * 6.93147180369123816490e-01 - ((h - (s * (h + r) + k * 1.90821492927058770002e-10)) - f)


@inline
def power(base: float, exponent: float) -> float:
    """base to the exponent for base >= 0; zero stays zero."""
    value = exp(exponent * log(base))  # of no meaning but finite at a base of zero
    return value if base > SMALLEST else 0.0


@inline
def logistic(x: float) -> float:
    """1 / (1 + e^-x)."""
    return 1.0 / (1.0 + exp(-x))


@inline
def quarterly_hazard(yearly: float) -> float:
    """Hazard a quarter that gives the yearly one: 1 - (1 - h)^(1/4)."""
    return 1.0 - math.sqrt(math.sqrt(1.0 - min(max(yearly, 0.0), 1.0)))


@inline
def _normal_centre(q: float) -> float:
    r = 0.180625 - q * q
    a = 2509.0809287301226727
    for c in (33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125):
        a = a * r + c
    for c in (1971.5909503065514427, 133.14166789178437745, 3.387132872796366608):
        a = a * r + c
    b = 5226.495278852545925
    for c in (28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077):
        b = b * r + c
    for c in (687.1870074920579083, 42.313330701600911252, 1.0):
        b = b * r + c
    return q * a / b


@inline
def _normal_near(r: float) -> float:
    r = r - 1.6
    a = 7.7454501427834140764e-4
    for c in (0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258, 3.64784832476320460504):
        a = a * r + c
    for c in (5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734):
        a = a * r + c
    b = 1.05075007164441684324e-9
    for c in (5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459, 0.68976733498510000455):
        b = b * r + c
    for c in (1.6763848301838038494, 2.05319162663775882187, 1.0):
        b = b * r + c
    return a / b


@inline
def _normal_far(r: float) -> float:
    r = r - 5.0
    a = 2.01033439929228813265e-7
    for c in (2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093, 0.29656057182850489123):
        a = a * r + c
    for c in (1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772):
        a = a * r + c
    b = 2.04426310338993978564e-15
    for c in (1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4, 0.0148753612908506148525):
        b = b * r + c
    for c in (0.13692988092273580531, 0.59983220655588793769, 1.0):
        b = b * r + c
    return a / b


@inline
def normal_inverse(u: float) -> float:
    """Standard normal quantile of u in (0, 1)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return _normal_centre(q)
    tail = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-log(max(tail, SMALLEST)))
    z = _normal_near(r) if r <= 5.0 else _normal_far(r)
    return -z if q < 0.0 else z


@inline
def laplace_inverse(u: float) -> float:
    """Quantile of the Laplace distribution with scale 1."""
    depth = log(2.0 * min(u, 1.0 - u))  # one logarithm for both halves
    return depth if u < 0.5 else -depth


@inline
def laplace_quarter_inverse(u: float) -> float:
    """Quantile of the law of which four independent draws sum to a Laplace variable with scale 1.

    It is the difference of two gamma variables with shape 1/4 (a variance-gamma law): mostly next to nothing, now and
    then a lump. t^2 P(t) / Q(t) in t = - ln of the chance of a larger size, within 3e-6 of the quantile; fitted to the
    integral over its gamma mixture of normals, which tests/core/test_arithmetic.py takes again.
    """
    t = -log(2.0 * min(u, 1.0 - u))
    above = 0.392698909212 + t * (0.355290689899 + t * (0.0848059002019 + t * 0.00344968991254))
    below = 1.0 + t * (1.30562790471 + t * (0.606416079447 + t * (0.0990390563398 + t * 0.00347762123193)))
    size = t * t * above / below
    return -size if u < 0.5 else size


@inline
def poisson_inverse(u: float, mean: float) -> int:
    """Poisson quantile of u; normal approximation above a mean of 500."""
    if mean <= 0.0:
        return 0
    if mean > _POISSON_BY_NORMAL:
        return max(0, int(mean + math.sqrt(mean) * normal_inverse(u) + 0.5))
    p = exp(-mean)
    total = p
    k = 0
    while u > total and k < 1000:
        k += 1
        p = p * mean / k
        total += p
    return k


@inline
def binomial_inverse(u: float, n: int, p: float) -> int:
    """Binomial quantile of u for n trials; normal approximation where n p (1 - p) exceeds 240.

    The rarer of success and failure is counted, from zero up, so that the first term cannot underflow.
    """
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    variance = n * p * (1.0 - p)
    if variance > _BINOMIAL_BY_NORMAL:
        return min(n, max(0, int(n * p + math.sqrt(variance) * normal_inverse(u) + 0.5)))
    rare = min(p, 1.0 - p)
    odds = rare / (1.0 - rare)
    term = exp(n * log(1.0 - rare))
    total = term
    k = 0
    if p > 0.5:
        while total <= 1.0 - u and k < n:
            term = term * odds * (n - k) / (k + 1)
            k += 1
            total += term
        return n - k
    while u > total and k < n:
        term = term * odds * (n - k) / (k + 1)
        k += 1
        total += term
    return k


@kernel
def exp_of(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """exp of each entry, shape (n,)."""
    out = np.empty(values.size)
    for j in range(values.size):
        out[j] = exp(values[j])
    return out


@kernel
def log_of(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Natural logarithm of each positive entry, shape (n,)."""
    out = np.empty(values.size)
    for j in range(values.size):
        out[j] = log(max(values[j], SMALLEST))
    return out


@kernel
def power_of(bases: npt.NDArray[np.float64], exponent: float) -> npt.NDArray[np.float64]:
    """Each base >= 0 to the exponent, shape (n,)."""
    out = np.empty(bases.size)
    for j in range(bases.size):
        out[j] = power(bases[j], exponent)
    return out


@kernel
def normal_of(uniforms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Standard normal quantile of each entry in (0, 1), shape (n,)."""
    out = np.empty(uniforms.size)
    for j in range(uniforms.size):
        out[j] = normal_inverse(uniforms[j])
    return out
