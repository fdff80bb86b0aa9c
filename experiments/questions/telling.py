"""Numbers as sentences and cells tell them: Chinese in 亿元 or 万元, English in million or billion yuan."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.number_texts import COUNTED
from experiments.questions.finding import Number, Said
from experiments.words import Pair
from sim.catalogue.loader import catalogue

MONEY = {"money": ("", ""), "money a year": (" a year", "/年")}
YUAN_100M, YUAN_10K, YUAN_MILLION, YUAN_BILLION = 1e8, 1e4, 1e6, 1e9
SIGNIFICANT, LEAST_OF_MIDDLE, MOST_DECIMALS = 3, 2, 6
PLURALS = {"city": "cities", "county": "counties", "university": "universities", "lab": "labs"}
BANDS = {
    "mean": ("5–95 %", "5–95%区间"),
    "median": ("5–95 %", "5–95%区间"),
    "share": ("90 % interval", "90%置信区间"),
    "dose": ("90 % interval", "90%置信区间"),
}


TOO_SMALL = (
    "a change too small for these runs to show (one simulated firm stands for {})",
    "的变化过小，本次运行无法分辨（1家模拟企业代表{}家）",
)
BEYOND = ("beyond the range", "超出试验范围")  # an end of an interval that no dose tried can tell


def decimals_of(middle: float, *ends: float) -> int:
    """Decimals by which the largest has three significant digits, and the middle two."""
    sizes = [abs(value) for value in (middle, *ends) if value and math.isfinite(value)]
    if not sizes:
        return 0
    places = SIGNIFICANT - 1 - math.floor(math.log10(max(sizes)))
    if middle and math.isfinite(middle):
        places = max(places, LEAST_OF_MIDDLE - 1 - math.floor(math.log10(abs(middle))))
    return min(max(places, 0), MOST_DECIMALS)


def digits(value: float, decimals: int, is_signed: bool = False) -> str:
    """A number with so many decimals, thousands apart, and a plain zero for what rounds to it."""
    text = f"{value:+,.{decimals}f}" if is_signed else f"{value:,.{decimals}f}"
    if float(text.replace(",", "")) == 0.0:
        return "0"
    return text


def _plural(title: str, count: float) -> str:
    """firm, firms: for what is counted one by one."""
    if abs(count) == 1 or " " in title:
        return title
    return PLURALS.get(title, f"{title}s")


def in_words(unit: str, size: float) -> tuple[tuple[float, str], tuple[float, str]]:
    """Factor and unit of a value, English and Chinese; `size` decides about 亿元 or 万元."""
    row = catalogue().units.get(unit)
    if unit == "probability":
        return (100.0, " %"), (100.0, "%")
    if unit == "per year":  # hazards and rates, which planners read in percent
        return (100.0, " % a year"), (100.0, "%/年")
    if row is None or not unit:
        return (1.0, f" {unit}" if unit else ""), (1.0, unit)
    if row.dimension in MONEY:
        further = MONEY[row.dimension]
        yuan = size * row.factor
        if yuan < YUAN_10K and unit == "yuan":
            return (row.factor, f" yuan{further[0]}"), (row.factor, f"元{further[1]}")
        large = yuan >= YUAN_BILLION
        english = (
            row.factor / (YUAN_BILLION if large else YUAN_MILLION),
            " billion yuan" if large else " million yuan",
        )
        is_wan = yuan < YUAN_MILLION
        chinese = (row.factor / (YUAN_10K if is_wan else YUAN_100M), "万元" if is_wan else "亿元")
        return (english[0], english[1] + further[0]), (chinese[0], chinese[1] + further[1])
    if unit in ("ratio", "0 to 1", "share"):
        return (1.0, ""), (1.0, "")
    title = _plural(row.title_en, size) if row.dimension in (*COUNTED, "ties") else row.title_en
    return (1.0, f" {title}"), (1.0, row.title_zh)


def _is_counted(unit: str) -> bool:
    row = catalogue().units.get(unit)
    return row is not None and row.factor == 1.0 and row.dimension in COUNTED


def texts(found: Number) -> tuple[Pair, Pair, Pair, Pair]:
    """Middle, low, high and unit in both languages; Number.word stands for a middle that there is not."""
    if found.middle is None:
        return found.word, ("", ""), ("", ""), ("", "")
    low = found.middle if found.low is None else found.low
    high = found.middle if found.high is None else found.high
    size = max(abs(v) for v in (found.middle, low, high) if math.isfinite(v)) if math.isfinite(found.middle) else 0.0
    sides = in_words(found.unit, size)
    cells: list[list[str]] = [[], [], []]
    for factor, _ in sides:
        values = [value * factor for value in (found.middle, low, high)]
        places = 0 if found.unit in ("year", "probability") else decimals_of(*values)
        if is_trifle(found) or (_is_counted(found.unit) and abs(values[0]) >= 10):
            places = 0
        for cell, value in zip(cells, values, strict=True):
            cell.append(_one(found, value, places) if math.isfinite(value) else BEYOND[len(cell)])
    middle, first, last = ((cell[0], cell[1]) for cell in cells)
    return middle, first, last, (sides[0][1], sides[1][1])


def _one(found: Number, value: float, places: int) -> str:
    """One value; a year without thousands, a probability as the scorecard writes it."""
    if found.unit == "year":
        return f"{value:.0f}"
    if found.unit == "probability":
        return "<1" if 0 < value < 0.5 else ">99" if 99.5 <= value < 100 else f"{value:.0f}"
    return digits(value, places, found.is_signed)


def plain(found: Number) -> Pair:
    """The middle with its unit."""
    middle, _, _, unit = texts(found)
    return middle[0] + unit[0], middle[1] + unit[1]


def told(found: Number) -> Pair:
    """The middle with its unit and its band in brackets."""
    middle, low, high, unit = texts(found)
    if found.middle is None:
        return middle
    name = BANDS[found.what]
    sign = [text if text.strip() == "%" else "" for text in unit]  # the other units are clear from the middle
    return (
        f"{middle[0]}{unit[0]} ({name[0]}: {low[0]} to {high[0]}{sign[0]})",
        f"{middle[1]}{unit[1]}（{name[1]}{low[1]}至{high[1]}{sign[1]}）",
    )


def is_trifle(found: Number) -> bool:
    """Whether it is money of the province of which all that can be said is that it is less than 10,000 yuan."""
    row = catalogue().units.get(found.unit)
    if row is None or row.dimension not in MONEY or found.unit == "yuan" or found.middle is None:
        return False
    ends = [value for value in (found.middle, found.low, found.high) if value is not None and math.isfinite(value)]
    return max(map(abs, ends)) * row.factor < YUAN_10K


def changed(found: Number) -> Pair:
    """A difference as a change: English with its sign, Chinese as 增加 or 减少, and plainly where nothing changed."""
    if found.middle is None:
        return found.word
    if found.is_too_small:
        return TOO_SMALL[0].format(found.scale), TOO_SMALL[1].format(found.scale)
    if found.middle == found.low == found.high == 0.0:
        return "no change in any run", "在各次运行中均无变化"
    english, chinese = told(found)
    if is_trifle(found):
        return "a change of less than 10,000 yuan", "变化不足1万元"
    middle, *_ = texts(found)
    if middle[1] == "0":
        return english, f"平均变化为{chinese}"
    verb = "增加" if middle[1].startswith("+") else "减少"
    return english, f"{verb}{chinese[1:]}"


def hedge(found: Number) -> Pair:
    """What is said behind a difference whose band holds zero."""
    if found.low is None or found.high is None or found.low > 0.0 or found.high < 0.0:
        return "", ""
    if found.low == found.high:  # no change at all is no chance
        return "", ""
    return ", not to be told from chance", "，与随机差异无法区分"


def sentence_of(name: Pair, base: Pair | None, parts: Sequence[Pair]) -> Said:
    """A variant and its first part as the sentence, against a base where there is one; the other parts as points."""
    first, *others = parts
    if base is None:
        lead = f"{name[0]} – {first[0]}.", f"“{name[1]}”：{first[1]}。"
    else:
        lead = f"{name[0]}, against “{base[0]}” – {first[0]}.", f"“{name[1]}”与“{base[1]}”相比，{first[1]}。"
    return Said(lead, others)
