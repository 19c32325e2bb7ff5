"""``run_power`` on a small region: tables, summary, plot and errors."""

from __future__ import annotations

import pytest

import sogdia
from sogdia.case import NewProject, Plan, ProjectChoice
from sogdia.errors import InputError
from sogdia.region import Region

PNG = b"\x89PNG"


def test_power_has_costs_emissions_and_net_imports(powered: Region) -> None:
    power = sogdia.run_power(powered, year=2023)
    summary = power.summary().set_index("figure")["value"]
    assert summary["CO2 emissions"] == pytest.approx(power.tables["countries"]["co2_mt"].sum())
    assert summary["Unserved energy"] == pytest.approx(0.0)
    assert power.plot()._repr_png_().startswith(PNG)


def test_plant_out_of_service_is_a_change_of_the_case(powered: Region) -> None:
    before = sogdia.run_power(powered, year=2023)
    plant = str(before.tables["plants"].set_index("plant")["generation_gwh"].idxmax())
    after = sogdia.run_power(powered, year=2023, close=[plant])
    assert after.case.digest != before.case.digest
    assert [change.rows for change in after.case.changes if "outage" in change.cause] == [(plant,)]
    assert after.hourly["hourly_unserved"]["unserved_mw"].sum() > 0.0


def test_baseline_of_the_same_plan_differs_in_no_figure(powered: Region) -> None:
    run = sogdia.run_power(powered, year=2023, baseline="as_is")
    alone = sogdia.run_power(powered, year=2023)
    for name in ("countries", "generation", "flows"):
        change, table = run.tables[f"change_of_{name}"], alone.tables[name]
        assert len(change) == len(table)
        assert (change.filter(like="_difference").fillna(0.0) == 0.0).all(axis=None)
    cost = run.tables["change_of_countries"].set_index("iso3")
    expected = alone.tables["countries"].set_index("iso3")["cost_musd"]
    assert cost["cost_musd_case"].to_dict() == pytest.approx(expected.to_dict())
    assert cost["cost_musd_baseline"].to_dict() == pytest.approx(expected.to_dict())


def test_new_plant_is_in_the_case_and_not_in_its_baseline(powered: Region) -> None:
    first = powered.table("plants").iloc[0]
    rows: tuple[dict[str, str | int | float], ...] = ({"like": str(first["id"]), "capacity_mw": 1.5},)
    new = NewProject(name="Plant of our own", iso3=str(first["iso3"]), adds={"plants": rows})
    plan = Plan(title="Mine", projects=(ProjectChoice(project="mine", opening_year=2023, new=new),))
    run = sogdia.run_power(powered, plan, year=2023, baseline="as_is")
    table = run.tables["change_of_generation"]
    own = table[(table["carrier"] == first["carrier"]) & (table["iso3"] == first["iso3"])]
    assert own["capacity_mw_difference"].sum() == pytest.approx(1.5)
    assert table["capacity_mw_difference"].abs().sum() == pytest.approx(1.5)
    assert run.tables["change_of_countries"]["cost_musd_difference"].sum() <= 1e-9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"hours": 100}, "hours: "),
        ({"mode": "guess"}, "mode: "),
        ({"co2_price": -1.0}, "co2_price: "),
    ],
)
def test_setting_out_of_range_is_named_as_its_argument(
    powered: Region, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        sogdia.run_power(powered, year=2023, **arguments)  # type: ignore[arg-type]
