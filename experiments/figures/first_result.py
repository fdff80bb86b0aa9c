"""The picture of the README: four headline series of the history scenario with bands, observed points and targets."""

from __future__ import annotations

import csv
from pathlib import Path

SHOWN = (
    ("rd_gdp_ratio", "R&D over GDP, %", 2020, 2.5),
    ("hnte_stock", "certified high-tech firms", 2021, 2500.0),
    ("patents_valid_invention", "invention patents in force", 2020, 13000.0),
    ("tech_contracts_total", "technology contracts, 100m yuan", 2020, 265.0),
)


def draw(study: Path, path: Path) -> None:
    """Write the figure as SVG with fixed bytes for fixed numbers."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from sim.catalogue.loader import catalogue

    cat = catalogue()
    with (study / "indicators.csv").open(encoding="utf-8", newline="") as handle:
        rows = [r for r in csv.DictReader(handle) if r["scenario"] == "history" and not r["group"]]
    matplotlib.rcParams.update({"svg.fonttype": "path", "svg.hashsalt": "innopolicy", "font.size": 9})
    figure, axes = plt.subplots(1, 4, figsize=(12, 2.7), constrained_layout=True)
    for axis, (name, title, year, target) in zip(axes, SHOWN, strict=True):
        path_rows = [r for r in rows if r["indicator"] == name and r["period"].isdigit()]
        years = [int(r["period"]) for r in path_rows]
        axis.fill_between(years, [float(r["p05"]) for r in path_rows], [float(r["p95"]) for r in path_rows],
                          color="#9db8d2", alpha=0.6, lw=0)  # fmt: skip
        axis.plot(years, [float(r["p50"]) for r in path_rows], color="#1f4e79", lw=1.6)
        observed = {y: v for y, v in cat.series(cat.indicators[name].observed).items() if y >= 2010}
        axis.plot(list(observed), list(observed.values()), "o", ms=3.5, color="#222222")
        axis.plot([year], [target], marker="_", ms=14, mew=2.4, color="#b03a2e")
        axis.set_title(title, fontsize=9, loc="left")
        axis.set_ylim(bottom=0)
        axis.set_xticks([2010, 2015, 2020])
        axis.yaxis.set_major_formatter("{x:,.4g}" if target < 1000 else "{x:,.0f}")
        axis.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
