"""Tables as HTML in which everything is escaped: names and notes are text, whatever they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

STYLE = """<style>
.ip {overflow-x:auto;margin:.2rem 0 .8rem}
.ip table {border-collapse:collapse;font-size:.86rem;line-height:1.35;width:100%;font-variant-numeric:tabular-nums}
.ip th {text-align:left;font-weight:600;color:#52606d;border-bottom:1px solid #9aa5b1;padding:.35rem .6rem;
 vertical-align:bottom}
.ip td {border-bottom:1px solid #e4e7eb;padding:.32rem .6rem;vertical-align:top}
.ip .n {text-align:right;white-space:nowrap}
.ip th {word-break:keep-all}
.ip th.n {white-space:normal}
.ip th .band {white-space:nowrap}
.ip.dense table {font-size:.8rem}
.ip.dense th,.ip.dense td {padding:.3rem .28rem}
.ip .keep {white-space:nowrap}
.ip .wide {min-width:11rem}
.ip .band,.ip .small {color:#7b8794;font-size:.92em}
.ip .gain {color:#0b6b3a;background:#e9f6ee}
.ip .loss {color:#a12622;background:#fdecea}
.ip .letter {display:inline-block;min-width:1.2rem;text-align:center;border-radius:3px;background:#e4e7eb;
 font-weight:600;padding:0 .2rem}
.ip .chance {min-width:3.6rem}
.ip .bar {display:block;height:.3rem;border-radius:2px;background:#e4e7eb;margin-top:.2rem}
.ip .bar i {display:block;height:.3rem;border-radius:2px;background:#1f5f99}
.ip .bar i.old {background:#9aa5b1}
</style>"""


@dataclass(frozen=True)
class Cell:
    """A cell: its text, a smaller text below it, classes, and a share of 0 to 1 drawn as a bar."""

    text: str
    below: str = ""
    kind: str = ""
    share: float | None = None
    is_old: bool = False


Row = Sequence[Cell | str]


def _cell(cell: Cell | str) -> Markup:
    if isinstance(cell, str):
        return Markup("<td>{}</td>").format(cell)
    inner = Markup('<span class="letter">{}</span>').format(cell.text) if cell.kind == "plan" else escape(cell.text)
    if cell.below:
        inner += Markup('<br><span class="band">{}</span>').format(cell.below)
    if cell.share is not None:
        width = f"{100.0 * min(max(cell.share, 0.0), 1.0):.0f}"
        colour = Markup(' class="old"') if cell.is_old else Markup("")
        inner += Markup('<span class="bar"><i{} style="width:{}%"></i></span>').format(colour, width)
    return Markup('<td class="{}">{}</td>').format(cell.kind, inner)


def table(head: Row, rows: Sequence[Row], is_dense: bool = False) -> str:
    """A table with its style; numbers stand right where the head's cell is of kind n. is_dense : for many columns."""
    kinds = [cell.kind if isinstance(cell, Cell) else "" for cell in head]
    top = Markup("").join(
        Markup('<th class="{}">{}</th>').format(kind, _head(cell)) for cell, kind in zip(head, kinds, strict=True)
    )
    body = Markup("").join(_row(row, kinds) for row in rows)
    whole = Markup('<div class="ip{}"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>')
    return STYLE + str(whole.format(" dense" if is_dense else "", top, body))


def _head(cell: Cell | str) -> Markup:
    if isinstance(cell, str):
        return escape(cell)
    below = Markup('<br><span class="band">{}</span>').format(cell.below) if cell.below else Markup("")
    return escape(cell.text) + below


def _row(row: Row, kinds: Sequence[str]) -> Markup:
    cells = (_cell(_right(cell, kind)) for cell, kind in zip(row, kinds, strict=True))
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _right(cell: Cell | str, kind: str) -> Cell | str:
    """A plain text in a column of numbers as a number."""
    return Cell(cell, kind=kind) if isinstance(cell, str) and kind else cell


def bullets(lines: Sequence[str]) -> str:
    """Sentences as a list."""
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return str(Markup('<ul style="margin:.2rem 0 .8rem 1.1rem;padding:0;font-size:.9rem">{}</ul>').format(items))


def colour_key(names: Sequence[tuple[str, str]]) -> str:
    """Names with the colours in which their lines are drawn."""
    one = '<span style="margin-right:1.2rem"><i style="display:inline-block;width:1.3rem;height:.28rem;background:{};'
    one += 'border-radius:2px;vertical-align:middle;margin-right:.4rem"></i>{}</span>'
    items = Markup("").join(Markup(one).format(colour, name) for name, colour in names)
    return str(Markup('<p style="font-size:.88rem;margin:.2rem 0 .4rem">{}</p>').format(items))


def note(text: str) -> str:
    """A small grey paragraph."""
    return str(Markup('<p style="color:#7b8794;font-size:.84rem;margin:.1rem 0 .5rem">{}</p>').format(text))
