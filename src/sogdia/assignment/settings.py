"""What a user may choose of an assignment."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Algorithm = Literal["ue", "so", "sue", "sue_all_paths"]


class AssignmentSettings(BaseModel):
    """Settings of an assignment.

    Attributes:
        algorithm: ``ue`` user equilibrium (Wardrop 1952); ``so`` system optimum; ``sue`` stochastic
            user equilibrium by path-size logit over generated paths; ``sue_all_paths`` the plain logit
            over all simple paths (Fisk 1980), for small networks.
        gap: Relative gap at which ``ue`` and ``so`` stop; residual of the fixed point for the others.
        most_iterations: Iterations after which an assignment is given up.
        theta: Scale of the logit, one over the cost unit.
        paths: Most paths generated for an origin, destination and class.
        path_size: Exponent β of the path-size term; 0 is the plain logit.
        workers: Threads; results are the same for any number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    algorithm: Algorithm = "ue"
    gap: Annotated[float, Field(gt=0, lt=1)] = 1e-6
    most_iterations: Annotated[int, Field(ge=1)] = 500
    theta: Annotated[float, Field(gt=0)] = 1.0
    paths: Annotated[int, Field(ge=1, le=200)] = 12
    path_size: Annotated[float, Field(ge=0)] = 1.0
    workers: Annotated[int, Field(ge=1)] = 2
