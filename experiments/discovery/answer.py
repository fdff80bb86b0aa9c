"""The answer of a discovery as a page in two languages: how robust, when it fails, what to measure first."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.caution import Caution
from experiments.discovery.boxes import Box
from experiments.discovery.found import Found
from experiments.discovery.gaps import Gap, narrowing_of
from experiments.discovery.robustness import Robust
from experiments.discovery.unknowns import DOSE, DRIVER, FITTED, PARAMETER, Unknown
from experiments.figures.discovered import box_figure, gap_figure, robust_figure
from experiments.number_texts import percent
from experiments.optimisation.basis import GRADES
from experiments.optimisation.page import Cell, Page, Section, Table
from experiments.optimisation.texts import banded, billions, source_text, target_title, unit_of
from experiments.tables import short
from experiments.words import Pair

KINDS: dict[str, Pair] = {
    PARAMETER: ("assumed or weakly known, over its range", "假设或弱证据参数，在其区间内取值"),
    FITTED: ("fitted to 2011–2017, drawn", "由2011–2017年拟合，按后验抽取"),
    DRIVER: ("driver, paths drawn", "外生变量，路径随机抽取"),
    DOSE: ("assumed dose, half to one and a half", "假设的政策力度，0.5–1.5倍"),
}
SHOWN = 10
NAMED = 3
ROBUST_FIGURE = "robust.svg"


def question(found: Found) -> Pair:
    """What was asked."""
    titles = [target_title(row) for row in found.asked.targets]
    names = [(mix.title_en, mix.title_zh) for mix in found.asked.mixes]
    return (
        f"{'; '.join(title for title, _ in titles)}: how surely do {', '.join(f'“{en}”' for en, _ in names)} reach it "
        "where numbers are not known, when do they fail, and which number should be measured first?",
        f"{'、'.join(title for _, title in titles)}：在关键参数不确定时，{'、'.join(f'“{zh}”' for _, zh in names)}"
        "能否稳健实现？在什么条件下失效？最应先补哪项数据？",
    )


def title_of(found: Found, name: str) -> Pair:
    """A mix's title."""
    mix = next(one for one in found.asked.mixes if one.name == name)
    return mix.title_en, mix.title_zh


def told_of(found: Found) -> list[Pair]:
    """The answer in a few sentences."""
    best = found.robust[found.chosen]
    english, chinese = title_of(found, best.mix)
    met = _met(best)
    first, first_zh = ("Most robust: ", "最稳健的是") if len(found.robust) > 1 else ("", "")
    sentences = [
        (
            f"{first}“{english}” meets all targets in {met[0]} of {best.runs} runs over {best.states} states of the "
            "world.",
            f"{first_zh}“{chinese}”：在{best.states}种可能状态、{best.runs}次运行中，全部目标实现的比例为{met[1]}。",
        )
    ]
    if len(found.robust) > 1:
        sentences.append(
            (
                f"Against the best mix of each state it loses {best.regret:.1%} of the target in the mean and "
                f"{best.regret_p95:.1%} in the worst twentieth; in {best.best:.0%} of the states no mix does better.",
                f"与各状态下的最优组合相比，平均损失为目标值的{best.regret:.1%}，最差的二十分之一状态下为"
                f"{best.regret_p95:.1%}；在{best.best:.0%}的状态下没有更好的组合。",
            )
        )
    return [*sentences, *_alike(found, best), _failing(found, best), *_measuring(found)]


def _alike(found: Found, best: Robust) -> list[Pair]:
    """Other mixes that so few runs do not tell from the best: among these it has the least regret."""
    largest = max(found.robust, key=lambda one: one.met)
    alike = [one for one in found.robust if one.mix != best.mix and one.met >= largest.met_p05]
    if not alike:
        return []
    titles = [title_of(found, one.mix) for one in alike]
    return [
        (
            f"By that share so few runs do not tell it from {', '.join(f'“{title}”' for title, _ in titles)}; of these "
            "it has the least regret.",
            f"在现有运行次数下，仅按达标比例无法区分它与{'、'.join(f'“{title}”' for _, title in titles)}，"
            "其中它的后悔值最小。",
        )
    ]


def _met(one: Robust) -> Pair:
    return banded(percent(one.met), percent(one.met_p05), percent(one.met_p95), "%")


def _failing(found: Found, best: Robust) -> Pair:
    """When the most robust mix fails."""
    mine = [box for box in found.boxes if box.mix == best.mix]
    if mine:
        english, chinese = limits_text(found, mine[0])
        return (
            f"It fails where {english}: {mine[0].density:.0%} of the runs there miss, and {mine[0].coverage:.0%} of "
            "all misses lie there.",
            f"失效条件：{chinese}。此时{mine[0].density:.0%}的运行不达标，占全部不达标运行的{mine[0].coverage:.0%}。",
        )
    if best.met >= 0.95:
        return "Failures are too few to say when it fails.", "不达标的运行过少，无法归纳失效条件。"
    if best.met <= 0.05:
        return ("It fails nearly everywhere in the ranges tried.", "在所试取值范围内几乎处处不达标。")
    return ("No range of the numbers tried separates where it fails.", "所试参数中没有能区分达标与否的区间。")


def limits_text(found: Found, box: Box) -> Pair:
    """The limits of a box in words."""
    unknowns, spans = found.table.states.unknowns, _spans(found)
    english, chinese = [], []
    for one in box.limits:
        unknown, (low, high) = unknowns[one.place], spans[one.place]
        if one.low > low and one.high < high:
            said = (f"between {short(one.low)} and {short(one.high)}", f"介于{short(one.low)}和{short(one.high)}之间")
        elif one.low > low:
            said = (f"above {short(one.low)}", f"高于{short(one.low)}")
        else:
            said = (f"below {short(one.high)}", f"低于{short(one.high)}")
        english.append(f"“{unknown.title_en}” is {said[0]}")
        chinese.append(f"“{unknown.title_zh}”{said[1]}")
    return " and ".join(english), "且".join(chinese)


def _measuring(found: Found) -> list[Pair]:
    """Which numbers would narrow each target most."""
    sentences = []
    for row in found.asked.targets:
        sure = [one for one in found.gaps if one.outcome == row.target_id and one.is_sure][:NAMED]
        if not sure:
            sentences.append(
                (
                    f"No single number would narrow “{row.title_en}” by more than this sample could show by chance.",
                    f"没有哪一项数据能使“{row.title_zh}”的区间明显收窄（在本样本可分辨的范围内）。",
                )
            )
            continue
        english = "; ".join(f"“{one.unknown.title_en}” (by {one.narrowing:.0%})" for one in sure)
        chinese = "；".join(f"“{one.unknown.title_zh}”（收窄{one.narrowing:.0%}）" for one in sure)
        sentences.append(
            (
                f"Known exactly, these would narrow the band of “{row.title_en}” most: {english}.",
                f"若能确知下列数据，“{row.title_zh}”的区间收窄最多：{chinese}。",
            )
        )
    return sentences


def _spans(found: Found) -> list[tuple[float, float]]:
    values = found.table.states.values
    return [(float(column.min()), float(column.max())) for column in values.T]


def robust_section(found: Found) -> Section:
    """A row for each mix."""
    rows: list[list[Cell]] = []
    for one in found.robust:
        cost = banded(billions(one.cost), billions(one.cost_p05), billions(one.cost_p95))
        low, high = f"{100 * one.margin_p05:.1f}", f"{100 * one.margin_p95:.1f}"
        margin = banded(f"{100 * one.margin:.1f}", low, high, "%")
        rows.append([title_of(found, one.mix), _met(one), margin, f"{one.regret:.1%}", f"{one.regret_p95:.1%}",
                     f"{one.best:.0%}", cost])  # fmt: skip
    heads = (("Mix", "政策组合"), ("Runs that meet all targets", "全部目标实现的运行占比"),
             ("Margin at the hardest target", "最难目标的余量（占目标值）"), ("Regret, mean", "平均后悔值"),
             ("Regret, worst twentieth", "后悔值95%分位"), ("States where none is better", "无更优组合的状态占比"),
             ("Public cost beyond the first, 100m yuan, whole run", "较第一个组合的财政投入，亿元，全期"))  # fmt: skip
    said = ("Margin: how far a run lies on the good side of its hardest target, as a share of the target (mean, "
            "5–95 %). Regret: the best margin of any mix in the same state less that of the mix.",
            "余量：运行结果超出最难目标的幅度，占目标值的比例（均值，5–95%）。"
            "后悔值：同一状态下各组合的最大余量减去该组合的余量。")  # fmt: skip
    figure = robust_figure(found.table, found.robust)
    return Section(
        ("How robust", "稳健性"), [said], [Table(heads, rows, (1, 2, 3, 4, 5, 6))], [(ROBUST_FIGURE, figure)]
    )


def box_section(found: Found) -> Section:
    """When each mix fails."""
    rows: list[list[Cell]] = []
    unknowns, figures = found.table.states.unknowns, []
    names, spans = [one.key for one in unknowns], _spans(found)
    for box in found.boxes:
        rows.append([title_of(found, box.mix), str(box.number), limits_text(found, box), f"{box.density:.0%}",
                     f"{box.coverage:.0%}", f"{box.mass:.0%}"])  # fmt: skip
        if box.number == 1:
            figures.append((f"box_{box.mix}.svg", box_figure(box, names, spans)))
    heads = (("Mix", "政策组合"), ("Box", "序号"), ("Fails where", "失效条件"),
             ("Of these runs fail", "其中不达标比例"), ("Of all failures", "占全部不达标"),
             ("Of all runs", "占全部运行"))  # fmt: skip
    none: Pair = ("No box: failures are too few, too many, or not bound to ranges of the numbers tried.",
                  "未找到失效区间：不达标的运行过少、过多，或与所试参数的区间无关。")  # fmt: skip
    tables = [Table(heads, rows, (3, 4, 5))] if rows else []
    said: Pair = ("Boxes by PRIM; a limit that chance could have drawn (quasi p above 0.05) is left out.",
                  "区间由PRIM方法得出；可能由偶然造成的界限（准p值高于0.05）已剔除。")  # fmt: skip
    return Section(("When a mix fails", "何时失效"), [said if rows else none], tables, figures)


def gap_section(found: Found) -> Section:
    """Which number would narrow the answer most."""
    tables, figures = list[Table](), list[tuple[str, str]]()
    for name in dict.fromkeys(one.outcome for one in found.gaps):
        rows = [_gap_row(one) for one in found.gaps if one.outcome == name][:SHOWN]
        tables.append(Table(_gap_heads(found, name), rows, (2, 3, 4)))
        figures.append((f"gaps_{len(figures) + 1}.svg", gap_figure(found.gaps, name)))
    notes = []
    for row in found.asked.targets:
        share = found.chance.get(row.target_id)
        if share is not None:
            notes.append(
                (
                    f"{row.title_en}: chance alone makes {share:.0%} of the variance of single runs; no number takes "
                    "that away.",
                    f"{row.title_zh}：单次运行方差中{share:.0%}来自随机性，任何数据都无法消除。",
                )
            )
    said = ("Share of the variance that a number explains by itself (5–95 %), and by how much the 5–95 % band would "
            "narrow in the mean, were it known exactly. The score of random trees also sees what acts together with "
            "others.",
            "各数据单独解释的方差占比（5–95%区间），以及若其确知、5–95%区间平均可收窄的幅度；"
            "随机树得分还反映与其他数据的共同作用。")  # fmt: skip
    return Section(("Data gaps", "数据缺口"), [said], tables, figures, notes)


def _gap_heads(found: Found, outcome: str) -> list[Pair]:
    titles = {row.target_id: (row.title_en, row.title_zh) for row in found.asked.targets}
    english, chinese = titles.get(outcome, (f"difference {outcome}", f"组合之差 {outcome}"))
    return [(f"{english}: unknown number", f"{chinese}：未知数据"), ("Grade, source", "等级与来源"),
            ("Explains of the variance", "解释方差占比"), ("Narrows the band by", "区间收窄"),
            ("Score of trees", "随机树得分"), ("", "")]  # fmt: skip


def _gap_row(one: Gap) -> list[Cell]:
    source = source_text(one.unknown.source)
    grade = (f"{one.unknown.grade}, {source[0]}", f"{one.unknown.grade}，{source[1]}")
    shares = [percent(min(max(v, 0.0), 1.0)) for v in (one.first, one.first_p05, one.first_p95)]
    share = banded(shares[0], shares[1], shares[2], "%")
    bounds = [f"{100 * narrowing_of(v):.0f}" for v in (one.first, one.first_p05, one.first_p95)]
    sure: Pair = ("", "") if one.is_sure else ("no more than chance", "与偶然无异")
    return [(one.unknown.title_en, one.unknown.title_zh), grade, share, banded(bounds[0], bounds[1], bounds[2], "%"),
            f"{one.score:.0%}", sure]  # fmt: skip


def rests_on(found: Found) -> Section:
    """What was varied, and what was not."""
    rows: list[list[Cell]] = []
    for one, (low, high) in zip(found.table.states.unknowns, _spans(found), strict=True):
        rows.append([(one.title_en, one.title_zh), unit_of(one.unit), f"{short(low)} – {short(high)}", KINDS[one.kind],
                     one.grade, source_text(one.source)])  # fmt: skip
    heads = (("Unknown number", "未知数据"), ("Unit", "单位"), ("Tried from – to", "取值范围"), ("How", "取值方式"),
             ("Grade", "等级"), ("Source", "来源"))  # fmt: skip
    mixes, scale = found.asked.mixes, found.asked.mixes[0].composed.scale
    notes = [GRADES, *Caution(found.robust[0].runs, scale, found.variation).sentences]
    notes.append(("Numbers not in this table keep the catalogue's value: the bands do not hold what they may change.",
                  "未列入本表的参数保持目录取值，区间不含其影响。"))  # fmt: skip
    for mix in mixes:
        notes += list(
            zip(mix.composed.assumptions, mix.composed.assumptions_zh or mix.composed.assumptions, strict=False)
        )
    return Section(("What it rests on", "结论依据与假设"), tables=[Table(heads, rows, (2,))],
                   notes=list(dict.fromkeys(notes)))  # fmt: skip


def page_of(found: Found, command: str) -> Page:
    """The whole answer."""
    title = ("Robustness: where mixes hold and where they fail", "稳健性分析：政策组合何时有效、何时失效")
    sections: Sequence[Section] = (
        robust_section(found), box_section(found), gap_section(found), rests_on(found),
    )  # fmt: skip
    return Page(title, question(found), told_of(found), sections, command)


def unknown_cells(one: Unknown) -> list[str]:
    """Cells of a number in the tables: key, titles, unit, kind, grade, source."""
    return [one.key, one.title_en, one.title_zh, one.unit, one.kind, one.grade, one.source]
