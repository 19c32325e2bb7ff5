"""Settings of an assignment."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Algorithm = Literal["ue", "so", "sue", "sue_all_paths"]


class AssignmentSettings(BaseModel):
    """Settings of an assignment.

    Attributes:
        algorithm: ``ue`` user equilibrium (Wardrop 1952); ``so`` system optimum; ``sue`` stochastic
            user equilibrium by path-size logit over generated paths; ``sue_all_paths`` by logit over
            all simple paths (Fisk 1980), for small networks.
        gap: Tolerance: relative gap for ``ue`` and ``so``, residual of the fixed point for the others.
        max_iterations: Iterations after which an assignment stops without having converged.
        theta: Scale θ of the logit, one over the unit of cost; at most 1e100, so that θ times cost is finite.
        max_paths: Largest number of paths generated for an OD group.
        path_size: Exponent β of the path-size term; 0 is the multinomial logit.
        workers: Number of threads; results have the same bits for any number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    algorithm: Algorithm = "ue"
    gap: Annotated[float, Field(gt=0, lt=1)] = 1e-6
    max_iterations: Annotated[int, Field(ge=1)] = 500
    theta: Annotated[float, Field(gt=0, le=1e100)] = 1.0
    max_paths: Annotated[int, Field(ge=1, le=200)] = 12
    path_size: Annotated[float, Field(ge=0)] = 1.0
    workers: Annotated[int, Field(ge=1)] = 2
