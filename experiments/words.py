"""Words of the report, English and Chinese, for keys that stand in the catalogue without a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sim.catalogue.loader import catalogue

Pair = tuple[str, str]

STATUS: Mapping[str, Pair] = {
    "simulated": ("simulated", "模拟"),
    "exogenous": ("taken as given", "外生给定"),
    "rule": ("a rule", "政策规定"),
    "not_simulated": ("not simulated", "未模拟"),
}
KINDS: Mapping[str, Pair] = {
    "measured": ("measured", "实测"),
    "evidence": ("evidence", "文献证据"),
    "calibrated": ("calibrated", "校准"),
    "assumed": ("assumed", "假设"),
}
SOURCES: Mapping[str, Pair] = {
    "assumption": ("assumption", "假设"),
    "not traced": ("not traced", "未溯源"),
    "derived": ("derived", "推算"),
    "feasibility_fit": ("own fit", "原型拟合"),
}
SOURCE_TEXTS_ZH: Mapping[str, str] = {  # what the catalogue's own kinds of source mean
    "assumption": "为本模型所作的假设：未找到来源，区间表示可能的误差范围",
    "not traced": "凭记忆录入或未保留阅读出处的数值，待补来源",
    "derived": "由本目录其他行计算得出，方法见定义或说明",
    "feasibility_fit": "以本模型原型对 2011–2017 年序列的自行拟合；区间为损失在最优值约 10–30% 以内的取值",
}
DRIVER_RULES: Mapping[str, Pair] = {
    "grow": ("grows by the value each year", "每年按该数值增长"),
    "level": ("stays at the value", "保持该数值"),
    "hold_last": ("keeps its last value", "保持最后观测值"),
    "mean_last": ("mean of its last {} years", "取最后 {} 年均值"),
    "with_series": ("moves with: {}", "随“{}”变动"),
}
BOOKS: Mapping[str, Pair] = {
    "appropriated": ("appropriated", "预算"),
    "disbursed": ("disbursed", "拨付"),
    "unspent": ("unspent", "结余"),
    "tax_expenditure": ("tax expenditure", "税式支出"),
    "additional": ("additional", "新增研发"),
    "displaced": ("displaced", "挤出"),
    "relabelled": ("relabelled", "重新归类"),
    "misused": ("misused", "挪用"),
    "wage": ("wage", "工资上涨"),
    "services": ("services", "服务"),
    "leveraged": ("leveraged", "撬动"),
}
OTHER_LINES: Mapping[str, Pair] = {
    "public_research": ("Universities and institutes (no lever)", "高校和科研院所经费（非政策工具）"),
}
NAMED_DOSES = ("platform_pace", "listing_years")  # doses that notes name without their lever
DIMENSIONS: Mapping[str, Pair] = {
    "city": ("City", "市"),
    "sector": ("Sector", "行业"),
    "size": ("Size class", "规模"),
    "ownership": ("Ownership", "所有制"),
}
GROUPS: Mapping[str, Pair] = {  # cities and sectors have their names in the catalogue
    "micro": ("Micro", "微型"),
    "small": ("Small", "小型"),
    "medium": ("Medium", "中型"),
    "large": ("Large", "大型"),
    "state_key": ("Key state firms of the province", "省属重点国有企业"),
    "state": ("Other state firms", "其他国有企业"),
    "private": ("Private", "民营企业"),
}
START_TOTALS: Mapping[str, Pair] = {
    "lm_ind_rd_expenditure": ("R&D of large and medium industrial firms", "大中型工业企业研发经费"),
    "lm_ind_rd_fte": ("R&D staff of large and medium industrial firms", "大中型工业企业研发人员全时当量"),
}
PARTS: Mapping[str, Pair] = {  # the part of the model that owns a parameter: the first word of its address
    "accumulate_knowledge": ("Knowledge", "知识积累"),
    "assist_firms": ("Help for firms without R&D", "对无研发企业的帮扶"),
    "award_grants": ("Grants", "项目资助评审"),
    "book_support": ("Books of support", "资助资金核算"),
    "broker_technology": ("Intermediaries and listing", "技术中介与挂牌"),
    "budget_key": ("Budget key", "财政资金分配"),
    "buy_first_sets": ("First sets", "首台（套）采购与保险"),
    "certificates": ("Certificates", "证书"),
    "certify_firms": ("Certification", "高新技术企业认定"),
    "certify_tech_smes": ("Campaign of certification", "科技型中小企业认定行动"),
    "cross_line": ("Above-scale line", "规模以上界线"),
    "demonstrate_practice": ("Demonstration", "示范带动"),
    "desire_rd": ("Wanted R&D", "期望研发投入"),
    "develop_zone": ("Science-Innovation City", "科技创新城"),
    "earn_profit": ("Profit and cash", "利润与现金"),
    "evaluate_centres": ("Evaluation of centres", "中心评价"),
    "evaluate_projects": ("Payment after completion", "后补助评价与支付"),
    "exit_and_enter": ("Exit and entry", "企业进入与退出"),
    "file_patents": ("Patents", "专利申请"),
    "finance_rd": ("Finance of R&D", "研发融资"),
    "follow_revenue": ("Sales path", "销售收入路径"),
    "form_alliances": ("Forming alliances", "联盟组建"),
    "fund_joint_research": ("Joint research", "产学研联合研发"),
    "fund_universities": ("Funding of universities", "高校院所经费"),
    "grow_firms": ("Growth of firms", "企业成长"),
    "growth": ("Growth accounting", "增长核算"),
    "guarantee_credit": ("Credit guarantees", "信用担保"),
    "house_tenants": ("Incubators and parks", "孵化器与园区"),
    "industry": ("Industry", "工业"),
    "invest_venture": ("Venture capital", "创业投资"),
    "lead_across_line": ("Campaign at the line", "小升规行动"),
    "list_firms": ("Listing on boards", "企业上市挂牌"),
    "list_projects": ("Listed projects", "后补助项目入库"),
    "share_project_cost": ("Projects shared by grants", "项目资助分担"),
    "manage_alliances": ("Work of alliances", "联盟运行"),
    "mark_activity": ("Innovation activity", "创新活动标识"),
    "move_researchers": ("Mobility of researchers", "科研人员流动"),
    "oblige_state_firms": ("Duties of state firms", "国有企业研发责任"),
    "partner_elite": ("Elite partners", "与名校大院合作"),
    "population": ("Starting population", "初始总体"),
    "population_platforms": ("Starting platforms", "初始平台"),
    "price_talent": ("Talent", "人才供给与工资"),
    "recognise_centres": ("Recognition of centres", "中心认定"),
    "recruit_talent": ("Recruiting talent", "人才引进"),
    "redeem_vouchers": ("Vouchers", "创新券兑付"),
    "register_tech_smes": ("Registration of technology firms", "科技型中小企业登记"),
    "renovate_firms": ("Technical renovation", "技术改造"),
    "report_rd": ("Reported R&D", "研发申报"),
    "research_public": ("Public research", "公共科研"),
    "review_budgets": ("Review of budgets", "预算中期评估"),
    "reward_rd": ("Local rewards", "地方研发奖励"),
    "run_campaign": ("Coverage campaign", "全覆盖行动"),
    "run_key_projects": ("Key technology projects", "关键技术项目"),
    "run_programmes": ("Programmes", "平台计划"),
    "score_centres": ("Scores of centres", "中心评分"),
    "sell_new_products": ("New products", "新产品销售"),
    "share_instruments": ("Shared instruments", "仪器设施共享"),
    "start_institutions": ("R&D institutions", "设立研发机构"),
    "start_rd": ("Start of R&D", "开展研发"),
    "subsidise_interest": ("Interest subsidy", "贷款贴息"),
    "support_startups": ("Start-up support", "创业支持"),
    "test_at_pilot_bases": ("Pilot bases", "中试基地"),
    "trade_technology": ("Technology market", "技术交易"),
    "train_firms": ("Policy training", "政策培训"),
    "train_staff": ("Training of staff", "研发人员培训"),
    "weigh_certificate": ("Worth of the certificate", "证书价值权衡"),
    "weigh_depreciation": ("Faster depreciation", "加速折旧"),
}


def words(known: Mapping[str, Pair], key: str) -> Pair:
    """The pair of a key; a key without words stands for itself, without underscores, in both languages."""
    plain = key.replace("_", " ")
    return known.get(key, (plain, plain))


def named(text: str, language: int) -> str:
    """A note with the titles of levers and doses in place of their addresses; language 0 is English, 1 Chinese."""
    cat = catalogue()
    titles = {name: (row.title_en, row.title_zh) for name, row in cat.levers.items()}
    titles |= {address: (row.title_en, row.title_zh) for address, row in cat.doses.items()}
    titles |= {row.dose: (row.title_en, row.title_zh) for row in cat.doses.values() if row.dose in NAMED_DOSES}
    left, right = ("“", "”")

    def title(found: re.Match[str]) -> str:
        pair = titles.get(found[1])
        return found[0] if pair is None else f"{left}{pair[language]}{right}"

    pattern = r"(?<![\w.])([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)?)(?![\w])"
    if language:
        pattern = rf" ?{pattern} ?"  # Chinese sets no space beside a quotation
    return re.sub(pattern, title, text)


def driver_rule(rule: str, titles: Mapping[str, Pair]) -> Pair:
    """How a driver goes on, in words; `titles` are those of all drivers."""
    name, _, rest = rule.partition(":")
    english, chinese = words(DRIVER_RULES, name)
    inner = titles.get(rest, (rest, rest))
    return english.format(inner[0]), chinese.format(inner[1])


def sentence(counts: Iterable[tuple[Pair, int]]) -> Pair:
    """Words with their counts as a list in both languages."""
    pairs = list(counts)
    english = ", ".join(f"{name[0]} {count}" for name, count in pairs)
    return english, "、".join(f"{name[1]} {count}" for name, count in pairs)


def head(title: str) -> str:
    """The part of a scenario's title that fits a column's head: all before the first comma or colon."""
    return re.split(r"[,:，：]", title, maxsplit=1)[0].strip()[:24]
