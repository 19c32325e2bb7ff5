from sogdia.coupling.baseline import CoupledBaseline as CoupledBaseline
from sogdia.coupling.baseline import baseline_case as baseline_case
from sogdia.coupling.baseline import make_baseline as make_baseline
from sogdia.coupling.joint import JointBaseline as JointBaseline
from sogdia.coupling.joint import JointResult as JointResult
from sogdia.coupling.joint import JointSettings as JointSettings
from sogdia.coupling.joint import make_joint_baseline as make_joint_baseline
from sogdia.coupling.joint import solve_joint as solve_joint
from sogdia.coupling.results import CoupledResult as CoupledResult
from sogdia.coupling.settings import DEFAULT_ASSIGNMENT as DEFAULT_ASSIGNMENT
from sogdia.coupling.settings import CouplingSettings as CouplingSettings
from sogdia.coupling.solve import couple as couple
from sogdia.coupling.tables import TABLES as TABLES

__all__: list[str]
