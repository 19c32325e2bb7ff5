from sogdia.api import brief as brief
from sogdia.api import build_case as build_case
from sogdia.api import compare as compare
from sogdia.api import ensemble as ensemble
from sogdia.api import load_plan as load_plan
from sogdia.api import load_region as load_region
from sogdia.api import load_scenario as load_scenario
from sogdia.api import optimise as optimise
from sogdia.api import project_values as project_values
from sogdia.api import read_article as read_article
from sogdia.api import run as run
from sogdia.api import run_dependence as run_dependence
from sogdia.api import run_freight as run_freight
from sogdia.api import run_power as run_power
from sogdia.api import run_trade as run_trade
from sogdia.case import Case as Case
from sogdia.case import Plan as Plan
from sogdia.case import Scenario as Scenario
from sogdia.region import Region as Region
from sogdia.region import check_pack as check_pack

__all__: list[str]
__version__: str
