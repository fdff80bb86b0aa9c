"""The report as a page: its switch of languages, its first lines, its maps and units, and hostile names."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from experiments import fonts
from experiments.attainment import attainment_view, class_of
from experiments.city_maps import MAPPED
from experiments.compose import load_scenario
from experiments.figures.inline import range_bar
from experiments.figures.tiles import PLACES, Tile, change_fill, tile_map
from experiments.judgement.page import page as judgement_page
from experiments.number_texts import in_wan, places_of, quantity, shifted, yuan
from experiments.outcomes import Results, categories
from experiments.report import render
from experiments.scorecard import scorecard
from experiments.winners import group_words
from sim.catalogue.loader import catalogue
from tests.experiments import fake_model
from tests.experiments.test_fonts import HAN, glyphs_of

MANIFEST = {"replicates": 2, "seed": 1, "scale": 1, "failures": [], "overrides": [], "catalogue": "0", "versions": {}}
SEEDS = (
    "<script>alert({n})</script>", "<img src=x onerror=alert({n})>", "<svg/onload=alert({n})>",
    "\"><iframe src='https://x.example/{n}'>", "javascript:alert({n})", "' onmouseover='alert({n})",
    "</style><style>@import url(//x.example/{n});", "</title></head><body onload=alert({n})>", "{{{{ 7 * {n} }}}}",
    "<a href=\"javascript:alert({n})\">x</a>", "<base href=//x.example/{n}>", "<meta http-equiv=refresh content={n}>",
    "<object data=x{n}></object>", "<form action=//x.example/{n}><button formaction=javascript:alert(1)>",
    "/* font */ </style><script>{n}</script>", "&lt;script&gt;{n}&lt;/script&gt;", "<!-- --!><script>{n}</script>",
    "\u202e<script>{n}", "<math><mi xlink:href='data:text/html,{n}'>", "${{{n}}} #{{{n}}} <% {n} %>",
)  # fmt: skip
HOSTILE = [SEEDS[n % len(SEEDS)].format(n=n) for n in range(100)]


class Parts(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parts_of(text: str) -> Parts:
    found = Parts()
    found.feed(text)
    found.close()
    return found


def page(*found: Results) -> str:
    return render("main", found, scorecard(found), MANIFEST)


def with_cities(found: Results) -> Results:
    """The stand-in's groups, with what it says of R&D said of the indicators of the maps too."""
    names = list(catalogue().indicators)
    groups = dict(found.groups)
    for city in PLACES:
        values = groups[f"city={city}"].copy()
        for name in MAPPED:
            values[:, :, names.index(name)] = values[:, :, names.index("rd_expenditure")]
        groups[f"city={city}"] = values
    return replace(found, groups=groups)


@pytest.fixture(scope="module")
def runs() -> list[Results]:
    return [with_cities(fake_model.results(load_scenario(name), 5)) for name in ("history", "plan_a_2014")]


@pytest.fixture(scope="module")
def text(runs: list[Results]) -> str:
    return page(*runs)


def shown(text: str, language: str) -> str:
    """The page as the view of one language shows it."""
    other = {"zh": "en", "en": "zh"}[language]
    return re.sub(rf'<(t?span) lang="{other}"(?: class="mark")?>.*?</\1>', "", text, flags=re.DOTALL)


def test_the_switch_needs_no_script_and_is_reached_by_keys(text: str):
    radios = re.findall(r'<input class="lang" type="radio" name="lang" id="(\w+)"[^>]*?( checked)?>', text)
    assert radios == [("zh", " checked"), ("en", ""), ("both", "")]
    for name, _ in radios:
        assert f'<label for="{name}"' in text
        assert f"#{name}:focus-visible ~ .bar label[for={name}]" in text
    assert "#en:checked ~ main [lang=zh], #zh:checked ~ main [lang=en] { display: none; }" in text
    rule = re.search(r"input\.lang \{([^}]*)\}", text)
    assert rule is not None
    assert "display" not in rule[1]
    assert "visibility" not in rule[1]


def test_every_word_of_the_page_is_in_one_language_or_the_other(text: str):
    """No Chinese in the English view, but for sources that have no other title."""
    body = text[text.index("<main>") :]
    body = body[: body.index('id="source-')]
    assert HAN.findall(re.sub(r"<[^>]+>", "", shown(body, "en"))) == []


def test_the_page_carries_all_glyphs_of_its_text(text: str):
    css = text[: text.index("</style>")]
    wanted = {one for one in text if HAN.match(one)}
    assert len(wanted) > 500
    assert wanted <= glyphs_of(css)
    assert "font-src data:" in text
    assert len(text) < 6_000_000


def test_the_answer_stands_first(text: str, runs: list[Results]):
    assert text.index('id="answer"') < text.index('id="scorecard"')
    assert "结论摘要" in text


def _targets(*chances: tuple[float, ...]) -> list[dict[str, object]]:
    main = [row for row in catalogue().targets.values() if row.main]
    return [{"row": row, "chances": list(one)} for row, one in zip(main, chances, strict=False)]


def test_targets_are_told_apart_by_who_reaches_them(runs: list[Results]):
    targets = _targets((0.95, 0.9), (0.05, 0.0), (0.1, 0.8), (0.4, 0.6))
    found = attainment_view(runs, targets, [])
    assert found is not None
    assert [found[name][0]["target"]["row"] for name in ("always", "never", "decided")] == [
        one["row"] for one in targets[:3]
    ]
    assert [len(found[name]) for name in ("always", "never", "decided")] == [1, 1, 1]
    assert [one.counts for one in found["tallies"]] == [(1, 0, 2, 1), (1, 2, 0, 1)]
    assert found["best"].scenario.name == "plan_a_2014"
    assert found["best"].expected == pytest.approx(2.3)
    assert [class_of(p) for p in (1.0, 0.9, 0.5, 0.1, 0.0)] == [0, 0, 1, 2, 3]


def test_where_nothing_can_be_tested_nothing_is_said(runs: list[Results]):
    assert attainment_view(runs, [{"row": one["row"], "chances": [None, None]} for one in _targets((1.0,))], []) is None


@pytest.mark.parametrize(
    ("printed", "places", "other"),
    [("1,234", 2, "123,400"), ("<0.1", 2, "<10"), (">-0.1", 2, ">-10"), ("12.3", 2, "1,230"), ("-5.0", 2, "-500"),
     ("1,234", -2, "12.34"), ("0.5", -2, "0.005"), ("1.2e-05", 2, "0.0012"), ("+7", 2, "+700"), ("", 2, ""),
     ("–", 2, "–"), ("3.4 %", 1, "34 %")],
)  # fmt: skip
def test_a_printed_number_is_shifted_exactly(printed: str, places: int, other: str):
    assert shifted(printed, places) == other


@pytest.mark.parametrize(
    ("million", "en", "zh"),
    [(1234.5, "1,234 million yuan", "12.34 亿元"), (12.34, "12.3 million yuan", "1,230 万元"),
     (0.0, "0 million yuan", "0 万元"), (-250.0, "-250 million yuan", "-2.50 亿元")],
)  # fmt: skip
def test_an_amount_is_the_same_in_both_languages(million: float, en: str, zh: str):
    assert yuan(million) == (en, zh)


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [(2.5, "%", "2.5 %", "2.5%"), (1000.0, "firm", "1,000", "1,000 家"),
     (265.0, "100m yuan", "265 × 100m yuan", "265 亿元"), (2.0, "multiple", "2-fold", "2 倍"),
     (2.0, "multiple of 2018", "2 × the value of 2018", "2018年的2倍"),
     (0.5, "million yuan", "0.5 million yuan", "50 万元"),
     (6.72, "10,000 person-years", "6.72 × 10,000 person-years", "6.72 万人年")],
)  # fmt: skip
def test_a_number_with_its_unit_reads_as_each_language_writes_it(value: float, unit: str, en: str, zh: str):
    assert quantity(value, unit) == (en, zh)


def test_money_of_the_budget_is_exactly_one_amount_in_both_languages(text: str):
    money = text[text.index('<section id="money">') : text.index('<section id="winners">')]
    pairs = re.findall(r'<span lang="zh">([<>\d.,-]+)</span><span lang="en">([<>\d.,-]+)</span>', money)
    assert len(pairs) > 20
    for zh, en in pairs:
        assert Decimal(zh.strip("<>").replace(",", "")) == 100 * Decimal(en.strip("<>").replace(",", ""))


def test_chinese_readers_see_no_million_yuan(text: str):
    assert "百万元" not in shown(text, "zh")
    assert {in_wan(row.title_zh) for row in catalogue().units.values() if places_of(row.unit)} <= {
        "万元", "万元/年", "万元/季", "万元/月", "万元/人年", "万元/认定周期", "万元/人",
    }  # fmt: skip


def test_the_map_has_every_city_once_and_north_is_up():
    assert set(PLACES) == set(categories("city"))
    assert len(set(PLACES.values())) == 11
    rows = {city: row for city, (row, _) in PLACES.items()}
    assert rows["Datong"] < rows["Xinzhou"] < rows["Taiyuan"] < rows["Jinzhong"] < rows["Changzhi"] < rows["Yuncheng"]
    names = {city: group_words("city", city) for city in PLACES}
    drawn = str(tile_map({city: Tile("+1.5%", change_fill(1.5), False) for city in PLACES}, names))
    assert drawn.count("<rect") == drawn.count("+1.5%") == drawn.count("stroke-dasharray") == 11
    for english, chinese in names.values():
        assert f'<tspan lang="en">{english}</tspan><tspan lang="zh">{chinese}</tspan>' in drawn


def test_tints_deepen_with_the_difference_and_tell_its_sign():
    fills = [change_fill(value) for value in (-20.0, -5.0, -1.0, 1.0, 5.0, 20.0)]
    assert len(set(fills)) == 6


def test_maps_stand_in_the_page_for_every_scenario(text: str):
    assert text.count('<svg class="tiles"') == 2 * len(MAPPED)
    assert text.count(">太原</tspan>") == 2 * len(MAPPED)


def test_a_small_bar_puts_band_median_and_target_on_one_scale():
    drawn = str(range_bar(10.0, 15.0, 20.0, 30.0))
    places = [float(x) for x in re.findall(r'(?: x="|d="M)([\d.]+)', drawn)]
    assert places[1] == 5.0  # the band begins at the left end
    assert places[3] == 79.0  # the target stands at the right end
    assert places[2] == pytest.approx(5.0 + 74.0 / 4, abs=0.1)
    assert "nan" not in str(range_bar(2.0, 2.0, 2.0, 2.0))


def hostile_page() -> str:
    base = load_scenario("history", ["end=2011Q2"])
    found = []
    for n in range(25):
        words = HOSTILE[4 * n : 4 * n + 4]
        own = replace(base, name=f"mine_{n}", title_en=words[0], title_zh=words[1], assumptions=(words[2],),
                      notes=(words[3],), assumptions_zh=(), notes_zh=())  # fmt: skip
        found.append(fake_model.results(own, 1))
    failures = [{"scenario": "mine_0", "replicate": 0, "reason": one} for one in HOSTILE]
    manifest = MANIFEST | {"failures": failures, "overrides": HOSTILE}
    return render("main", found, scorecard(found), manifest)


@pytest.fixture(scope="module")
def hostile() -> str:
    return hostile_page()


def test_a_hundred_hostile_names_stay_text(hostile: str):
    text = hostile
    parts = parts_of(text)
    assert set(parts.tags).isdisjoint(
        {"script", "iframe", "img", "object", "embed", "base", "form", "link", "button", "math"}
    )
    assert parts.tags.count("style") == 2
    assert parts.tags.count("body") == parts.tags.count("title") == 1
    assert [one for one in parts.attributes if one[1].startswith("on")] == []
    for tag, name, value in parts.attributes:
        assert not re.match(r"\s*(javascript|data|https?|//)", value, re.IGNORECASE), (tag, name, value)
        assert name not in ("src", "srcset", "action", "formaction", "data"), (tag, name, value)
        assert name not in ("href", "xlink:href") or value.startswith("#")
    told = "".join(parts.text)
    assert [name for name in HOSTILE if name not in told] == []
    head = text[: text.index("</style>")]
    assert head.count("@font-face") == 1
    assert fonts.FAMILY in head


def test_the_hostile_page_has_the_same_bytes_twice(hostile: str):
    assert hostile_page() == hostile


def test_the_page_of_a_judgement_has_the_same_switch_and_font():
    """It is made by the same door, so the switch, the policy and the glyphs are those of the report."""
    about = {"runs": "2", "parameters": "posterior", "parameters_zh": "后验", "seed": "1", "k": "8", "model": "0"}
    text = judgement_page([], {"inner": []}, {"fit": [], "inner": []}, about)
    assert '<label for="both">' in text
    assert "font-src data:" in text
    assert {one for one in text if HAN.match(one)} <= glyphs_of(text[: text.index("</style>")])
