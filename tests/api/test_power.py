"""``run_power`` on a small region: tables, summary, plot and errors."""

from __future__ import annotations

import pytest

import sogdia
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
