"""Sogdia compared with plain PyPSA on a small data set in the published form, with figures made up here.

Two of the five nodes have load: Kyrgyzstan (dam, sun) and the south of Kazakhstan (gas, coal), with a line of
100 MW between them. The wind and the load have a daily course.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.agora import __main__ as command
from benchmarks.agora.comparison import compare
from benchmarks.agora.files import NAMES, AgoraFiles, read_files
from benchmarks.agora.sogdia_model import AgoraInputs
from sogdia import Case, build_case, load_plan, load_scenario
from sogdia.errors import CannotRunError
from sogdia.region import Region

HOURS = 8760
STEP = 15
COSTS = (("CCGT", "4 550000"), ("SubC", "1 1200000"), ("PHOT", "0 600000"), ("WTON", "1 1200000"))
"""Variable cost (USD/MWh) and cost of building (USD/MW) by type."""


def rows(columns: str, *lines: str) -> pd.DataFrame:
    frame = pd.DataFrame([line.split() for line in lines], columns=columns.split())
    for name in frame.columns:
        with np.errstate(all="ignore"):
            numbers = pd.to_numeric(frame[name], errors="coerce")
        frame[name] = numbers if numbers.notna().all() else frame[name]
    return frame


def hourly() -> pd.DataFrame:
    hour = np.arange(HOURS) % 24
    day = np.sin(np.pi * (hour - 6) / 12).clip(min=0.0)
    load = 1.0 + 0.2 * np.sin(np.arange(HOURS) / 700.0) + 0.1 * np.sin(hour / 4.0)
    return pd.DataFrame(
        {
            "kaz_load_over_mean": load / load.mean(),
            "kgz_run_of_river_cf": 0.5,
            "kgz_solar_cf": 0.9 * day,
            "kgz_wind_cf": 0.1,
            "kaz_south_solar_cf": 0.8 * day,
            "kaz_south_wind_cf": 0.4,
        }
    )


@pytest.fixture(scope="module")
def files() -> AgoraFiles:
    size = "p_nom p_nom_min_2030"
    return AgoraFiles(
        {
            "hourly": hourly(),
            "loads": rows(
                "country node total_load__mwh year", "KG KG_KG 2628000 2030", "KZ KZ_SO 5256000 2030"
            ),
            "generators": rows(
                f"country node type carrier name {size}",
                "KG KG_KG HDAM Water KG_KG_HDAM 300 50",
                "KG KG_KG PHOT Solar KG_KG_PHOT 0 100",
            ),
            "thermal_plants": rows(
                f"country bus0 bus1 type carrier link {size}",
                "KZ KZ_GASN KZ_SO_HVELEC CCGT Gas gas_south 500 100",
                "KZ KZ_HRDCN KZ_SO_HVELEC SubC Hrdc coal_south 400 0",
            ),
            "interconnectors": rows(
                f"link bus0 bus1 efficiency p_max_pu p_min_pu marginal_cost {size}",
                "south_kyrgyz KZ_SO_HVELEC KG_KG_HVELEC 1 1 -1 0 60 40",
                "inside KZ_SO_HVELEC KZ_SO_LVELEC 1 1 0 0 50 0",
            ),
            "retirements": rows("name 2030", "coal_south 100"),
            "fuel_supplies": rows("bus fuel_cost__usd_mwh year", *(
                f"{bus} {cost} 2030" for bus, cost in (("KZ_GASN", 10), ("KG_GASN", 20), ("KZ_HRDCN", 2))
            )),
            "technologies": rows(
                "country technology carrier efficiency p_max_pu max_hours",
                "KZ CCGT Gas 0.5 0.9 0", "KG CCGT Gas 0.5 0.9 0", "KZ SubC Hrdc 0.4 0.8 0",
                "KG HDAM Water 0.9 1 9",
            ),
            "plant_costs": rows(
                "powerplant_type country year vom__usd_mwh cap__usd_mw fom__usd_mwa life__years",
                *(f"{kind} {country} 2030 {figures} 10000 25" for country in ("KZ", "KG")
                  for kind, figures in COSTS),
            ),
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def case(shipped: Region) -> Case:
    scenario = load_scenario("reference", shipped).at(2030)
    return build_case(shipped, load_plan("as_is", shipped), scenario)


def test_capacity_is_that_of_2023_with_additions_less_retirements(files: AgoraFiles, case: Case) -> None:
    inputs = AgoraInputs(files).build(case)
    capacity = inputs.generators["p_nom_mw"]
    assert capacity["KAZ_south coal_south"] == 300.0
    assert capacity["KAZ_south gas_south"] == 600.0
    assert capacity["KGZ KG_KG_PHOT"] == 100.0
    assert inputs.reservoirs["p_nom_mw"].tolist() == [350.0]
    assert inputs.links["p_nom_mw"].tolist() == [100.0, 100.0]
    assert inputs.generators["cost_usd_per_mwh"]["KAZ_south gas_south"] == 10.0 / 0.5 + 4.0


@pytest.mark.parametrize("expansion", [False, True])
def test_both_models_have_the_same_solution(files: AgoraFiles, case: Case, expansion: bool) -> None:
    found = compare(files, case, expansion=expansion, step=STEP)
    assert found.objective_difference < 1e-6
    assert found.price_difference < 1e-4
    table = found.generation
    assert table["sogdia_mw"].to_numpy() == pytest.approx(table["pypsa_mw"].to_numpy(), abs=0.5)
    assert table["sogdia_twh"].sum() == pytest.approx(table["pypsa_twh"].sum(), rel=1e-6)
    coal = table[table["carrier"] == "coal"].iloc[0]
    assert coal["sogdia_twh"] == pytest.approx(300.0 * 0.8 * HOURS / 1e6, rel=1e-3)


def test_a_changed_input_of_one_model_is_found(files: AgoraFiles, case: Case) -> None:
    higher = files["fuel_supplies"].assign(
        fuel_cost__usd_mwh=files["fuel_supplies"]["fuel_cost__usd_mwh"] * 1.01
    )
    changed = compare(AgoraFiles({**files.tables, "fuel_supplies": higher}), case, step=STEP)
    assert changed.objective_usd[0] > compare(files, case, step=STEP).objective_usd[0] * 1.001


def test_missing_file_is_named(
    files: AgoraFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in NAMES[1:]:
        files[name].to_csv(tmp_path / f"{name}.csv", index=False)
    with pytest.raises(CannotRunError, match=r"hourly.csv: no such file; .* --data"):
        read_files(tmp_path)
    monkeypatch.setattr("sys.argv", ["agora", "--data", str(tmp_path)])
    assert command.main() == 2
    assert "hourly.csv" in capsys.readouterr().err
