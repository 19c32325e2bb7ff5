"""Put elasticities and rents of all sectors at a level between low and high figures of their tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.case.editor import EditReason, TableEditor
from sogdia.case.scenario import Scenario
from sogdia.codes import LONG_RUN, RECOMMENDED

TOWARDS = "towards the end of the range"


def apply_levels(editor: TableEditor, scenario: Scenario) -> None:
    """Edit ``elasticities`` and ``specific_factors`` to the levels of a scenario.

    One level λ from −1 to 1 moves all sectors together, b being the low figure for λ < 0, else the high one:

        ``θ' = θ (b / θ)^|λ|``  and  ``s' = s + |λ| (b − s)``

    for elasticities θ of study ``recommended`` and shares s of rents in value added. Elasticities of one year
    move by the ratio of the long run, for which tables have b; a figure without b stays.
    """
    if scenario.elasticity_level:
        _move_elasticities(editor, scenario.elasticity_level)
    if scenario.rent_level:
        _move_rents(editor, scenario.rent_level)


def _end(level: float) -> str:
    return "low" if level < 0.0 else "high"


def _reason(table: pd.DataFrame, level: float, words: str) -> EditReason:
    cited = sorted({part for cell in table["source"] for part in str(cell).split(";") if part})
    return EditReason("level", f"{words}: level {level:g} from low (-1) to high (1)", ";".join(cited))


def _move_elasticities(editor: TableEditor, level: float) -> None:
    table = editor.frame("elasticities")
    long_run = table[table["horizon"] == LONG_RUN].set_index("sector")
    central, bound = (
        long_run.loc[long_run["study"] == study, "value"].astype(float)
        for study in (RECOMMENDED, f"{RECOMMENDED}_{_end(level)}")
    )
    ratio = table["sector"].map(bound / central).fillna(1.0).to_numpy(dtype=np.float64)
    used = (table["study"] == RECOMMENDED).to_numpy(dtype=np.bool_)
    factors = np.where(used, ratio ** abs(level), 1.0)
    moved = table[factors != 1.0]
    reason = _reason(moved, level, "trade elasticities of all sectors")
    editor.scale_each("elasticities", "value", factors, TOWARDS, reason)


def _move_rents(editor: TableEditor, level: float) -> None:
    table = editor.frame("specific_factors")
    share, bound = (
        table[name].to_numpy(dtype=np.float64)
        for name in ("value_added_share", f"value_added_share_{_end(level)}")
    )
    moved = share + abs(level) * (np.where(np.isnan(bound), share, bound) - share)
    factors = np.divide(moved, share, out=np.ones_like(share), where=share > 0.0)
    reason = _reason(table, level, "rents of specific factors")
    editor.scale_each("specific_factors", "value_added_share", factors, TOWARDS, reason)
