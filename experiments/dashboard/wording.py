"""Words of the page, English and Chinese, by what they are for."""

from __future__ import annotations

from collections.abc import Mapping

from experiments.words import Pair

ENGLISH, CHINESE = 0, 1
LANGUAGES = ("English", "中文")
WORDS: Mapping[str, Pair] = {
    "title": ("Innovation policy in Shanxi: try out a policy mix", "山西创新政策模拟：政策组合试算"),
    "short": ("Policy mixes", "政策组合试算"),
    "page": ("Go to", "栏目"),
    "design": ("Design a mix", "设计组合"),
    "result": ("Result", "试算结果"),
    "compare": ("Compare two mixes", "组合对比"),
    "past": ("Past runs", "历次试算"),
    "about": ("How to read this", "使用说明"),
    "language": ("Language", "语言"),
    "scenario": ("Base scenario", "基础情景"),
    "scenario_help": (
        "The levers of this scenario stay in force unless you change them below.",
        "未在下方调整的政策工具，按该情景执行。",
    ),
    "levers": ("Levers to change", "调整政策工具"),
    "levers_hint": ("Choose one or more levers", "选择一个或多个政策工具"),
    "levers_none": (
        "No lever is changed: the mix is the base scenario as it stands.",
        "未调整任何政策工具：该组合即为基础情景。",
    ),
    "evidence": ("Evidence grade", "证据等级"),
    "sources": ("sources", "依据"),
    "no_sources": ("assumption", "假设"),
    "acts": ("In force in the base scenario: {}", "在基础情景中的实施期：{}"),
    "in_base": ("base scenario", "基础情景"),
    "from_then": ("from {} on ", "自{}起 "),
    "law": ("law", "法规"),
    "idle": ("In the base scenario: not in force", "在基础情景中：未实施"),
    "from": ("In force from", "实施起始"),
    "until": ("In force until", "实施截止"),
    "as_base": ("as in the base scenario", "同基础情景"),
    "own_number": ("a number of your own", "自定数值"),
    "fiscal_key": ("a share of fiscal S&T spending", "按财政科技支出的一定比例安排"),
    "dated_law": ("what the law says in each year", "按各年法定标准"),
    "colon": (": ", "："),
    "semicolon": ("; ", "；"),
    "band": ("5–95 %: {} to {}", "5–95%：{} 至 {}"),
    "with_unit": ("{} ({})", "{}（{}）"),
    "runs_each": ("Replicates", "重复次数"),
    "stands_for": ("Scale", "缩小比例"),
    "neutral": ("not used", "未使用"),
    "range": ("range", "取值范围"),
    "grade": ("Grade", "等级"),
    "with_grade": ("grade {}", "等级 {}"),
    "settings": ("How to run it", "试算设置"),
    "population": ("Population of firms", "企业总体"),
    "scaled": ("scaled, 1 stands for 8 (seconds)", "缩小总体，1 个代表 8 个（数秒）"),
    "full": ("full, every firm (a minute)", "完整总体，逐家模拟（约一分钟）"),
    "replicates": ("Replicates, paired with history", "重复次数（与历史情形配对）"),
    "seed": ("Random seed", "随机种子"),
    "uncertain": (
        "Bands hold the uncertainty of parameters and drivers too",
        "区间同时反映参数和外生变量的不确定性",
    ),
    "further": ("Further settings, one a line", "其他设置（每行一项）"),
    "further_help": (
        "As on the command line: lever.NAME.DOSE=…, mechanism.ADDRESS=…, driver.SERIES={YEAR:VALUE}, end=2025Q4. "
        "Parameters, drivers and the end hold for the reference as well.",
        "写法同命令行：lever.名称.参数=…、mechanism.地址=…、driver.序列={年份:数值}、end=2025Q4。"
        "参数、外生变量和截止期同时用于参照情景。",
    ),
    "name": ("Name of the mix", "组合名称"),
    "name_default": ("Mix {}", "组合{}"),
    "run": ("Run", "开始试算"),
    "run_again": ("One run at a time: wait for the one under way.", "每次只能进行一项试算，请等待当前试算完成。"),
    "estimate": ("{} runs, about {} of work", "共 {} 次运行，计算量约 {}"),
    "seconds": ("{} seconds", "{} 秒"),
    "minutes": ("{} minutes", "{} 分钟"),
    "as_command": ("The same on the command line", "对应的命令行"),
    "refused": ("The settings were refused:", "设置有误："),
    "queued": ("Waiting: {} before you", "排队中：前面还有 {} 项"),
    "warming": ("The server is getting ready; your run starts by itself.", "服务器正在准备，就绪后自动开始。"),
    "running": ("{} of {} runs", "已完成 {}/{} 次运行"),
    "under_way": ("Run under way", "正在试算"),
    "refining": (
        "First result, from {0} replicates: its bands are no more than the range of these {0}, so take it as rough. "
        "It is being refined to {1} replicates.",
        "初步结果：目前仅 {0} 次重复，所示区间只是这 {0} 次运行的取值范围，仅供参考；正在补充至 {1} 次。",
    ),
    "full_queue": ("Too many runs are waiting. Please try again in a minute.", "等待的试算过多，请稍后再试。"),
    "broken": (
        "This run could not be carried out. Whoever runs the server finds the reason in its log.",
        "试算未能完成，原因见服务器日志。",
    ),
    "unreachable": ("The server does not answer. Please reload the page.", "服务器无响应，请刷新页面。"),
    "nothing_yet": (
        "Nothing has been run yet. Design a mix and press “Run”.",
        "尚无试算结果。请先设计组合并点击“开始试算”。",
    ),
    "which": ("Mix", "组合"),
    "section": ("Section", "内容"),
    "reference": ("History", "历史情形"),
    "against": (
        "Against history under the same seeds, {} replicates, seed {}, 1 simulated firm stands for {}",
        "与历史情形同种子配对，{} 次重复，随机种子 {}，1 个模拟主体代表 {} 个",
    ),
    "summary": ("In brief", "结论摘要"),
    "scorecard": ("Targets", "目标达成"),
    "paths": ("Yearly paths", "年度走势"),
    "money": ("Cost", "财政投入"),
    "who": ("Cities and sectors", "分市分行业"),
    "assumptions": ("Assumptions", "依据与假设"),
    "download": ("Download", "下载"),
    "only_main": ("Main targets only", "仅主要目标"),
    "plan": ("Plan", "规划"),
    "plan_letter": ("plan {}", "规划{}"),
    "target": ("Target", "目标"),
    "year": ("Year", "年份"),
    "goal": ("Goal", "目标值"),
    "value_band": ("median (5–95 %)", "中位数（5–95%）"),
    "median": ("median", "中位数"),
    "chance": ("Probability, %", "实现概率（%）"),
    "gap": ("Gap", "差距"),
    "mix": ("Mix", "本组合"),
    "difference": ("Difference", "差值"),
    "outcome": ("Outcome", "指标"),
    "unit": ("Unit", "单位"),
    "score_note": (
        "Value: median of the runs at the end of the target year, with the 5–95 % band. Probability: share of the runs "
        "that meet the target. Gap: median of the mix minus the goal.",
        "数值为目标年末各次运行的中位数及 5–95% 区间；概率为达到目标的运行所占比例；差距为本组合中位数减目标值。",
    ),
    "path_note": (
        "Line: median. Shade: 5–95 %. Circles: observed up to 2017. Bars with a letter: targets and their plan.",
        "线为中位数，阴影为 5–95% 区间；圆点为 2017 年及以前的实际值；带字母的横线为规划目标。",
    ),
    "pick_indicators": ("Indicators", "指标"),
    "observed": ("Observed", "实际值"),
    "cost": ("Public cost, all years", "财政投入（各年合计）"),
    "more_than": ("more than history", "较历史情形增加"),
    "cost_note": (
        "Public cost is what all lines paid plus tax not collected, the whole province, all years of the run. "
        "Cost of a unit: where both more was spent and more was reached in all seeds; empty where that cannot be told.",
        "财政投入为全省各科目拨付额与税式支出之和，按运行期各年合计。单位成本仅在各种子下投入和产出均增加时给出，无法判断时留空。",
    ),
    "effect": ("Effect", "效果"),
    "cost_of_unit": ("Cost of a unit, million yuan", "单位成本（万元）"),
    "ledger": (
        "Ledger by lever, 100m yuan, all years, mean of the runs",
        "分政策工具账本（亿元，各年合计，各次运行平均）",
    ),
    "ledger_note": (
        "Tax expenditure is tax not collected. Disbursed money is split by the firm's decision with and without it: "
        "additional R&D, own money displaced, relabelled, wage rise, misused, and services (help, space or training "
        "without R&D). Leveraged is own money beyond the payment.",
        "税式支出为减免的税款。拨付资金按企业“有”“无”该笔资金时的决策分解：新增研发、挤出自有资金、重新归类、工资上涨、"
        "挪用，以及服务（帮扶、场地、培训等非研发支出）；撬动为超出拨款带动的自有投入。",
    ),
    "lever": ("Lever", "政策工具"),
    "who_note": (
        "Difference in % under the same seeds, with the 5–95 % band; coloured where nearly all seeds agree. "
        "Flows are summed over all years, stocks taken at the end. Lines that reach the edge of the figure go on: "
        "the table has their ends.",
        "同种子配对的差异（%）及 5–95% 区间；绝大多数种子方向一致者着色。流量按各年合计，存量取期末值。"
        "图中延伸至边缘的横线未完整画出，端点见下表。",
    ),
    "group": ("Group", "组别"),
    "no_reference": ("There is no reference to compare with.", "没有可对比的参照情景。"),
    "is_reference": (
        "This is the reference itself: there is nothing to compare it with.",
        "该组合即为参照情景，无对比项。",
    ),
    "cautions": ("How far the figures can be trusted", "结果的可信程度"),
    "own_doses": ("What you changed", "本组合调整的参数"),
    "dose": ("Dose", "参数"),
    "given": ("Value", "取值"),
    "source": ("Source", "来源"),
    "assumed_doses": (
        "Doses in force that are assumed (grade D): no source says how large they were",
        "实施中且为假设值的参数（D 级）：其大小无出处可据",
    ),
    "of_scenario": ("Assumptions of the base scenario", "基础情景的假设"),
    "of_model": ("Numbers of the model", "模型参数"),
    "made_of": ("Base scenario: {}. Changed: {}.", "基础情景：{}。调整项：{}。"),
    "nothing": ("nothing", "无"),
    "download_note": (
        "Tables: targets, indicators by year, ledger, cost of outcomes, groups; all runs as Parquet. "
        "The report is one page with figures and assumptions.",
        "数据表包括目标达成、年度指标、财政账本、单位成本、分组差异，另附全部运行记录（Parquet）；报告为含图表和假设说明的单个网页。",
    ),
    "prepare": ("Prepare the files", "生成文件"),
    "get_data": ("Tables and runs (ZIP: CSV, Parquet)", "数据表和运行记录（ZIP：CSV、Parquet）"),
    "get_report": ("Report (HTML, both languages, works offline)", "报告（HTML，中英文，可离线打开）"),
    "preparing": ("Writing tables and drawing figures …", "正在生成数据表和图 …"),
    "choose_two": ("Run or open at least two mixes to compare them.", "至少试算或打开两个组合后方可对比。"),
    "first_mix": ("First mix", "组合一"),
    "second_mix": ("Second mix", "组合二"),
    "not_paired": (
        "These two were not run with the same seeds, population and uncertainty, so their runs are no pairs.",
        "两个组合的随机种子、企业总体或不确定性设置不同，无法配对比较。",
    ),
    "compare_note": (
        "Second minus first, replicate by replicate under the same seeds, with the 5–95 % band.",
        "组合二减组合一，同种子逐次配对，附 5–95% 区间。",
    ),
    "past_note": (
        "Your runs of this visit, and finished studies of this computer. They are read from the store; nothing runs.",
        "本次访问的试算和本机已完成的研究。仅从存储读取，不会重新运行。",
    ),
    "past_none": ("There is no finished study yet.", "尚无已完成的研究。"),
    "study": ("Study", "研究"),
    "scenarios": ("Scenarios", "情景"),
    "changes": ("Changes", "调整项"),
    "which_scenario": ("Scenario", "情景"),
    "open": ("Open", "打开"),
    "number": ("Number of a run", "试算编号"),
    "number_help": ("20 characters, as the result shows it", "20 位字符，见试算结果"),
    "cannot_open": ("This study cannot be opened.", "该研究无法打开。"),
    "run_number": ("Number of this run", "本次试算编号"),
}
FAMILIES: Mapping[str, Pair] = {
    "fiscal": ("Fiscal", "财政资金"),
    "tax": ("Tax", "税收优惠"),
    "finance": ("Finance", "科技金融"),
    "platform": ("Platforms", "平台与培育"),
    "network": ("Networks", "合作与转化"),
    "talent": ("Talent", "人才"),
    "procurement": ("Procurement", "政府采购"),
    "governance": ("Governance", "治理与考核"),
}
ABOUT: tuple[Pair, ...] = (
    (
        "This page runs an agent-based model of innovation policy in Shanxi, 2011–2021: firms by city, sector, size "
        "and ownership, universities and institutes, platforms, and the levers of five plans. It shows what a mix of "
        "levers does to the plans' targets, what it costs, and how sure that is.",
        "本页运行山西创新政策的主体模拟模型（2011–2021 年），涵盖各市、各行业、各规模、各类所有制企业，高校和科研院所，"
        "创新平台，以及五个规划的政策工具，用以试算某一政策组合对规划目标的影响、所需财政投入及其不确定程度。",
    ),
    (
        "Every mix is run with the same seeds as history. The difference of two runs of one replicate is owed to the "
        "policy alone, so that a few replicates say more than many unpaired ones.",
        "每个组合都与历史情形使用相同的随机种子逐次配对，同一重复的两次运行之差只来自政策，因此较少的重复即可得到稳定的比较。",
    ),
    (
        "Bands are 5–95 %. With the uncertainty switched on, each replicate draws its own parameters from the fit to "
        "2011–2017 and its own path of the drivers after the last observed year.",
        "区间为 5–95%。开启不确定性后，每次重复从 2011–2017 年拟合结果中抽取一组参数，"
        "并抽取最后观测年之后外生变量的一条走势。",
    ),
    (
        "Grades: A law, statistics or a plan's own number; B and C published evidence, stronger and weaker; D assumed. "
        "What is assumed is listed under every result.",
        "等级：A 为法规、统计或规划原文数值；B、C 为已发表的实证证据（由强到弱）；D 为假设。"
        "每项结果之下均列出所用假设。",
    ),
    (
        "A setting outside its range is refused with the same sentence as on the command line. Finished runs are kept: "
        "the same mix is shown again at once, and a command finds the runs that were made here.",
        "超出取值范围的设置会被拒绝，提示与命令行一致。已完成的运行会保存：相同组合可立即再现，命令行也可使用此处的运行。",
    ),
)


def word(key: str, language: int, *values: object) -> str:
    """The words of a key, with values in their places."""
    text = WORDS[key][language]
    return text.format(*values) if values else text
