"""Small bars inside a table: a band with its median and target, and how many targets fall in each class of chance.

They repeat what is printed beside them, so they are hidden from a reader's screen reader.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 84, 13
ACCENT, INK, TARGET = "#1f5673", "#1d2530", "#b3431e"
CLASSES = ("#2c7a57", "#9cc9ad", "#f0c9a0", "#a8432f")  # reached, likely, unlikely, missed
MARGIN = 5.0


def range_bar(low: float, middle: float, high: float, target: float) -> Markup:
    """The 5-95 % band with the median (thick line) and the target (triangle and thin line) on one scale."""
    first, last = min(low, target), max(high, target)
    room = (WIDTH - 2 * MARGIN) / (last - first) if last > first else 0.0

    def place(value: float) -> float:
        return MARGIN + (value - first) * room if room else WIDTH / 2

    left, right, here, aim = place(low), place(high), place(middle), place(target)
    return Markup(
        f'<svg class="range" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f'<path d="M0 9.5H{WIDTH}" stroke="#dfe3e8"/>'
        f'<rect x="{left:.1f}" y="6.5" width="{max(right - left, 1.0):.1f}" height="6" fill="{ACCENT}" opacity=".35"/>'
        f'<path d="M{here:.1f} 5.5V13" stroke="{ACCENT}" stroke-width="2"/>'
        f'<path d="M{aim:.1f} 4V13" stroke="{TARGET}"/>'
        f'<path d="M{aim - 3.5:.1f} 0h7l-3.5 5z" fill="{TARGET}"/></svg>'
    )


def class_bar(counts: Sequence[int], width: int = 220) -> Markup:
    """Counts of four classes side by side in one bar, each with its number."""
    total, x, parts = sum(counts) or 1, 0.0, []
    for count, fill, ink in zip(counts, CLASSES, ("#fff", INK, INK, "#fff"), strict=True):
        long = width * count / total
        if count:
            parts.append(f'<rect x="{x:.1f}" width="{long:.1f}" height="18" fill="{fill}"/>')
            parts.append(
                f'<text x="{x + long / 2:.1f}" y="13" font-size="11" text-anchor="middle" fill="{ink}">{count}</text>'
            )
        x += long
    return Markup(
        f'<svg class="classes" width="{width}" height="18" viewBox="0 0 {width} 18" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )
