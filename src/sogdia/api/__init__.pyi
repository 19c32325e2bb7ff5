from sogdia.api.articles import ArticleReading as ArticleReading
from sogdia.api.articles import read_article as read_article
from sogdia.api.briefs import brief as brief
from sogdia.api.dependence import DependenceRun as DependenceRun
from sogdia.api.dependence import dependence_settings as dependence_settings
from sogdia.api.dependence import run_dependence as run_dependence
from sogdia.api.freight import FreightRun as FreightRun
from sogdia.api.freight import run_freight as run_freight
from sogdia.api.inputs import build_case as build_case
from sogdia.api.inputs import load_plan as load_plan
from sogdia.api.inputs import load_region as load_region
from sogdia.api.inputs import load_scenario as load_scenario
from sogdia.api.power import PowerRun as PowerRun
from sogdia.api.power import run_power as run_power
from sogdia.api.progress import Progress as Progress
from sogdia.api.result import Result as Result
from sogdia.api.runs import RunComparison as RunComparison
from sogdia.api.runs import RunResult as RunResult
from sogdia.api.runs import compare as compare
from sogdia.api.runs import run as run
from sogdia.api.runs import stored_run as stored_run
from sogdia.api.trade import TradeRun as TradeRun
from sogdia.api.trade import run_trade as run_trade

__all__: list[str]
