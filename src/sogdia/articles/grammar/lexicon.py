"""Lexicon of the grammar: verbs and nouns of lending, building, signing, debt, trade, visits and threats.

Only general vocabulary is listed here; names of parties, places and projects are rows of the region pack.
"""

from __future__ import annotations

import re


def word_pattern(pattern: str) -> re.Pattern[str]:
    """Compile alternatives to a pattern of complete words, regardless of case.

    Args:
        pattern: Regular expressions separated by white space; ``_`` matches a space or hyphen.
    """
    return re.compile(
        rf"(?<![\w-])(?:{'|'.join(pattern.split())})(?!\w)".replace("_", r"[\s-]+"), re.IGNORECASE
    )


LEND = word_pattern(
    r"""lends? lent lending loan(?:s|ed)? borrow(?:s|ed|ing)? credits? credit_lines? grants? granted
    (?:co-?)?guarantees? guaranteed financ(?:e|es|ed|ing) co-?financ\w+ refinanc\w+ fund(?:s|ed|ing)
    lenders? disburs\w+ syndicat\w+ eurobonds? bonds? sukuk tranches? facilit(?:y|ies) subsid\w+
    technical_assistance share_capital equity approv(?:es|ed|al) arrang(?:es|ed|ing) provid(?:es|ed|ing)
    extend(?:s|ed|ing) allocat\w+ contribut\w+ co-?lend\w+ underwr\w+ кредит\w* за[её]м\w* займ\w*
    грант\w* финансир\w* выдел\w*"""
)
FINANCE_NOUN = (
    r"loans?|credits?|credit lines?|lines? of credit|grants?|(?:co-?)?guarantees?|financing|"
    r"finance|funding|tranches?|"
    r"facilit(?:y|ies)|eurobonds?|bonds?|sukuk|equity|share capital|capital|budget support|"
    r"support|aid|assistance|"
    r"contributions?|lending|debt finance|debt|technical assistance|subsid(?:y|ies)|funds?|"
    r"кредит\w*|грант\w*|займ\w*"
)
INSTRUMENTS = (
    ("guarantee", word_pattern(r"(?:co-?)?guarantee\w* гаранти\w*")),
    ("grant", word_pattern(r"grants? donat\w+ грант\w*")),
    ("equity", word_pattern(r"equity share_capital shareholding stakes? shares?")),
    ("bond", word_pattern(r"eurobonds? bonds? sukuk")),
    (
        "loan",
        word_pattern(
            r"loans? loaned lend\w* lent credits? borrow\w* credit_lines? кредит\w* за[её]м\w* займ\w*"
        ),
    ),
)
TERMS = word_pattern(
    r"""runs?_for repaid repayable repayments? maturit\w+ grace interest_rate interest_rates tenors?
    matures? per_annum interest basis_points"""
)
DEBT = word_pattern(
    r"""debts? owe[sd]? owing indebted\w* liabilit(?:y|ies) arrears creditors? external_debt долг\w*
    задолженност\w*"""
)
DEBT_STRONG = word_pattern(
    r"owe[sd]? owing external_debt public_debt debts? indebted\w* arrears (?:foreign|state)_debt долг\w*"
)
TRADE = word_pattern(
    r"""trade trades traded trading turnover exports? exported exporting imports? imported importing
    earn(?:s|ed|ing)? sales commerce tovarooborot товарооборот\w* экспорт\w* импорт\w*"""
)
TRADE_PARTNER = word_pattern(
    r"""(?:primary|largest|main|biggest|top|leading|key|chief|first|second-largest|number_one)_(?:\w+_)?trad(?:e|ing)_partners?
    (?:primary|largest|main|biggest|top|leading|key|chief)_(?:buyers?|supplier|export_market|customer)"""
)
TRADE_NOUN = (
    r"(?:bilateral |mutual |annual )?trade(?: turnover| volume)?|turnover|exports?|imports?|"
    r"trade in goods|sales|revenues?|"
    r"shipments|товарооборот\w*"
)
REMITTANCES = word_pattern(r"remittances? remitted migrants'_transfers money_transfers денежн\w+_перевод\w+")
COST = word_pattern(
    r"""cost(?:s|ing)? priced price price_tag capex capital_expenditure put_at estimat(?:e|es|ed) valued
    bill budget(?:ed)? need(?:s|ed)? required? requires worth spend(?:s|ing)? spent outlay стоимост\w*
    оценив\w*"""
)
INVEST = word_pattern(
    r"""invest(?:s|ed|ing|ment|ments|or|ors)? pour(?:s|ed|ing)? plough(?:s|ed|ing)? plow(?:s|ed|ing)?
    inject(?:s|ed|ing)? channel+(?:s|ed|ing) (?:put|puts|putting)_ attract(?:s|ed|ing)? инвест\w*
    вложил\w* вложен\w*"""
)
AGGREGATE_NOUN = (
    r"packages?|deals|agreements|contracts|papers|documents|memorandums|memoranda|accords|"
    r"pacts|projects|portfolio|"
    r"investments?|investment (?:programme|program|plan|package|portfolio|commitments?)|"
    r"envelope|pledges?|commitments?|"
    r"initiatives?|pipeline of projects|deal zone|business deals|commercial deals|"
    r"transactions|ventures|assets|schemes|"
    r"соглашени\w*|проект\w*|инвестици\w*"
)
AGGREGATE = word_pattern(
    r"""packages? portfolio group_total in_total cumulative\w* altogether combined pledg\w+ envelope
    commitments? in_recent_years over_the_years since_independence direct_investment
    foreign_direct_investment fdi total_investments? goal of_the_total
    worth_of_(?:deals|agreements|contracts|projects)"""
)
DEAL_NOUN = (
    r"deal|order|contract|agreement|(?:joint )?venture|purchase|acquisition|memorandum|accord|"
    r"tender|concession|"
    r"joint venture|mou|power purchase agreement|ppa|supply deal|protocol|pact|package deal|контракт\w*"
)
SIGN = word_pattern(
    r"""sign(?:s|ed|ing)? inked? concluded? conclude[sd] agree(?:s|d) agreements? contracts? contracted
    memorand(?:um|a|ums) mous? deals? treat(?:y|ies) protocols? pacts? accords? ratif\w+
    power_purchase_agreements? ppas? tenders? awarded concessions? order(?:s|ed) road_?map
    heads_of_terms joint_venture declarations? charter initialled подписал\w* подписан\w* соглашени\w*
    договор\w* меморандум\w* контракт\w*"""
)
SIGNED = word_pattern(
    r"""sign(?:s|ed|ing)? inked? concluded agree(?:s|d) reached_an? ratif\w+ won awarded awards? initialled
    exchanged ordered clinched struck sealed подписал\w* подписан\w*"""
)
AGREEMENT_DOCUMENT = word_pattern(
    r"""agreements? contracts? memorand(?:um|a|ums) mous? deals? treat(?:y|ies) protocols? pacts? accords?
    ppas? power_purchase_agreements? concessions? road_?maps? declarations? charter roadmap
    heads_of_terms tenders? соглашени\w* договор\w* меморандум\w* контракт\w*"""
)
DEAL = word_pattern(
    r"""sells? sell sold supply supplies ppas? power_purchase_agreements? tenders? won_the_tender orders?
    ordered contracts? contracted road_?map heads_of_terms concessions? purchase bought buys? acquir\w+
    acquisition"""
)
BUILD = word_pattern(
    r"""build(?:s|ing|er|ers)? built construct(?:s|ed|ing|ion)? rebuil\w+ erect\w+ lay(?:s|ing)? laid
    complet\w+ open(?:s|ed|ing)? inaugurat\w+ commission(?:s|ed|ing)? launch(?:es|ed|ing)? broke_ground
    break(?:s|ing)?_ground ground_broken ground_was_broken
    work_(?:began|started|begins|starts|continues|resumed|stopped) works_began finish\w* upgrad\w+
    moderni[sz]\w+ electrif\w+ under_construction planned expand\w* expansion develop(?:s|ed|ing|ment)?
    welders halt(?:s|ed)? suspend\w* shelved? stall(?:s|ed)? cancel\w* scrap(?:s|ped)? abandon\w*
    unbuilt postpone[sd]? delay(?:s|ed)? started start(?:s|ing)? began begins? operat\w+ works? running
    final_investment_decision took_its_decision holds? owns? (?:is|are)_being_\w+ plans? doubles?
    doubling enlarg\w+ построи\w* строит\w* строительств\w* введ[её]н\w* запущен\w* продолжа\w*"""
)
TRANSPORT = word_pattern(
    r"""carr(?:y|ies|ied|ying) transport(?:s|ed|ing)? shipped ships? shipments? handl(?:e|es|ed|ing)
    mov(?:e|es|ed|ing) transit(?:ed)? freight cargo traffic passed crossed throughput volumes?
    transhipp?\w+ transshipp?\w+ haul\w* containers? перевез\w* перевоз\w* груз\w*"""
)
SUPPLY = word_pattern(
    r"""suppl(?:y|ies|ied|ying) deliver(?:s|ed|y|ies|ing)? taken_in took_in take[sn]? import(?:s|ed|ing)?
    export(?:s|ed|ing)? pump\w* ship(?:s|ped|ping)? flow(?:s|ed|ing)? swap\w* buy(?:s|ing)? bought
    sell(?:s|ing)? sold purchas\w+ receiv\w+ sen[dt]s? transit\w* постав\w*"""
)
THREAT = word_pattern(
    r"""threat(?:en|ens|ened|ening|s)? sanction(?:s|ed|ing)? tariffs? embargo\w* blacklist\w*
    penalt(?:y|ies) ultimatum retaliat\w+ duties \d+th_package sanctions_package export_ban санкци\w*
    пошлин\w*"""
)
CANCELLED = word_pattern(
    r"""cancel\w* scrap(?:s|ped)? abandon\w* withdr(?:ew|awn|aws) fell_through falls_through terminated?
    collapsed had_not_come has_not_come never_came never_materiali[sz]ed did_not_come never_arrived
    not_come dropped drops called_off pulled_out отмен\w*"""
)
SUSPENDED = word_pattern(
    r"""suspend\w* frozen froze stall(?:s|ed)? unbuilt on_hold shelved? postpone[sd]? halt(?:s|ed)?
    mothballed in_limbo not_been_built never_built remains_on_paper приостанов\w*"""
)
UNCONFIRMED = word_pattern(
    r"""unconfirmed not_confirmed neither_\w+_has_(?:documented|confirmed)
    no_\w+_has_(?:documented|confirmed) not_been_confirmed has_documented have_documented yet_to_confirm
    not_documented nobody_has_confirmed unverified not_independently_verified neither_side_has_confirmed
    neither_\w+_confirmed no_official_confirmation"""
)
INTEREST = word_pattern(
    r"""interest(?:ed)? considers? considering eye(?:s|ing)? studying studies look(?:s|ing)_at
    explor(?:e|es|ing) discuss(?:es|ed|ing)? under_discussion feasibility_study letter_of_interest keen
    mull(?:s|ing)? weigh(?:s|ing)? appetite"""
)
FUTURE = word_pattern(
    r"""will would shall plan(?:s|ned)? plans_to to_be due_to? due_in expect(?:s|ed)? intends? aims? aimed
    proposed future is_to was_to are_to were_to could can should scheduled slated by_20\d\d in_20[3-9]\d
    target(?:s|ed)? next_year ambitions? when once newly_planned to_build to_raise планир\w* будет"""
)
UNDERWAY = word_pattern(
    r"""(?:is|are)_being_\w+ under_construction being_built is_building are_building is_constructing
    construction_of construction_is work_began work_started work_has_begun works_began broke_ground
    breaks_ground breaking_ground ground_broken ground_was_broken ground-breaking groundbreaking at_work
    construction_began construction_started construction_has_begun is_under_way is_underway under_way
    underway started_construction began_construction begun_building building_work
    final_investment_decision took_its_decision investment_decision continues summed_up to_complete
    half-built measures needs_\d+ has_started_building started_building laid_the_first begun
    start_of_construction строится строительств\w* welders"""
)
COMPLETED = word_pattern(
    r"""built opened inaugurated commissioned on_the_grid finish(?:ed)? completed launched in_operation
    operating operational has_been_running came_on_stream came_online entered_service entered_operation
    in_service put_into_operation runs running operates connected went_live on_stream handed_over
    works_since online carries earned
    repaired rebuilt restored renovated построен\w* введ[её]н\w* запущен\w*"""
)
PLEDGE = word_pattern(
    r"""announc\w+ pledg\w+ promis\w+ unveil\w* goal packages? offer(?:s|ed)? commit(?:s|ted|ment|ments)?
    memorand(?:um|a|ums) mous? letter_of_intent road_?map intent declared said_it_would target
    no_financial_close separately_announced"""
)
DISBURSED = word_pattern(
    r"""lent disburs\w+ paid invested poured put spent transferred provided borrowed financed funded gave
    drawn_down has_put have_put lending_since received repaid"""
)
APPROVE = word_pattern(r"approv\w+ cleared_the green-?lit одобр\w*")
OWN_MONEY = re.compile(
    r"\b(?:(?:its|their|his|her|the state's|the country's)\sown\s(?:\w+\s)?(?:budget|funds?|money|resources|"
    r"pocket|means|reserves|revenues?|coffers)|(?:state|national|republican|local|federal|regional|"
    r"government|central|city|country's)\s"
    r"budget(?!\ssupport)|budget(?:ary)?\s(?:funds?|money|resources|allocations?)|own[\s-](?:funds|contribution|resources|"
    r"money)|counterpart\s(?:funds?|funding|financing|contribution)|national\swealth\sfund|treasury|"
    r"из\s(?:\w+\s)?бюджета|собственн\w+\sсредств\w*)\b",
    re.IGNORECASE,
)
"""Money of the country itself, which no outside party lends."""
ALONE = re.compile(
    r"\b(?:on\sits\sown|by\sitself|on\stheir\sown|by\sthemselves|alone|single-handedly|"
    r"without\s(?:outside|foreign|"
    r"\w+(?:an|ese|ish)|its|any|the)\s\w+|instead|no\slonger)\b",
    re.IGNORECASE,
)
"""Words that end what an earlier sentence said of the partners."""
SUPERSEDED = word_pattern(
    r"""once_priced once_put once_estimated earlier_estimates? previously formerly originally earlier_put
    only_last_year had_been_put had_been_estimated initially superseded at_first was_put_at_first"""
)
TOPIC_BREAK = re.compile(
    r"^(?:in a separate|separately|elsewhere|meanwhile|to the (?:north|south|east|west)|"
    r"at home|in other news|also in|"
    r"in a different|in another|by contrast|consider\b|turning to|as for\b)",
    re.IGNORECASE,
)
BOUND_TAIL = re.compile(
    r"\b(?:just |well |slightly )?(?:nearly|near|about|some|around|roughly|approximately|almost|"
    r"over|above|more than|at least|"
    r"up to|as much as|less than|under|close to|an estimated|no less than|exceeding|a record)\s$",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"^(?:\W*(?:and|but|yet|indeed|however|still|also|then|now|so)\W+)?(?:it|they|he|she|its|"
    r"their|his|her|the "
    r"(?:bank|lender|company|firm|fund|country|two|group|ministry|deal|money|line|credit|loan|bloc|union))\b",
    re.IGNORECASE,
)
ACTOR_NOUN = re.compile(
    r"^\s*(?:\w+[\s-]){0,3}?(?:compan(?:y|ies)|firms?|banks?|lenders?|investors?|contractors?|"
    r"builders?|developers?|"
    r"groups?|corporations?|consortium|conglomerates?|engineers|workers|welders|side|"
    r"government|state|money|capital|"
    r"funds?|partners?|giant|utility|manufacturers?|miners?)\b"
)
