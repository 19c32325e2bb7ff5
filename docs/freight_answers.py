"""Print the headline answers of the freight page: figures of the model next to published ones.

Run as ``python docs/freight_answers.py``. It assigns the base year as observed and 2030 under the committed
projects, and writes the rows of Markdown tables: tonnes and boxes, journeys from China to Uzbekistan, users
of the new railway, and hours at borders. Goods that pass two of the links counted count once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

import sogdia
from sogdia.api.freight import FreightRun
from sogdia.freight.journeys import find_journey

BASE_YEAR, LATER = 2023, 2030
MT = 1e6
T_PER_TEU = 14.0
"""Tonnes in a loaded TEU, as in the table ``loads``."""
DOSTYK, ALTYNKOL = "rail_alashankou_dostyk", "rail_khorgos_cn_altynkol"
CASPIAN = ("ferry_aktau_alat", "ferry_kuryk_alat", "ferry_turkmenbashi_alat")
UZBEK_RAIL = ("rail_saryagash_tashkent", "rail_beyneu_karakalpakia")
CHINESE_RAIL = (
    DOSTYK, ALTYNKOL, "rail_manzhouli_zabaykalsk", "rail_erenhot_zamyn_uud", "rail_suifenhe_grodekovo"
)  # fmt: skip
FAR_EAST = ("rail_manzhouli_zabaykalsk", "rail_suifenhe_grodekovo", "rail_sukhbaatar_naushki")
BREST, SUEZ, PANAMA = "rail_brest_malaszewicze", "sea_suez_port_said", "sea_balboa_colon"
GANQMOD = "road_gashuunsukhait_ganqmod"
BOSPHORUS = tuple(
    f"sea_istanbul_{port}"
    for port in (
        "constanta", "burgas", "varna", "odesa", "novorossiysk", "samsun", "trabzon", "poti", "batumi"
    )
)  # fmt: skip
NEW_RAILWAY = ("rail_torugart_arpa",)
TANKERS = ("aktau_baku_tanker", "aktau_makhachkala_tanker")
UNION, WEST = ("EUU",), ("EUU", "GBR", "CHE", "RUS", "BLR")
PASSES = {"Altynkol": "altynkol", "the Torugart pass": "torugart", "Irkeshtam": "irkeshtam"}
JOURNEYS = (("xian", "tashkent"), ("xian", "andijan"), ("kashgar", "tashkent"), ("kashgar", "andijan"))
Read = Callable[[FreightRun], float]


@dataclass(frozen=True)
class Answer:
    """A row of the table: what is counted, and how the run gives it.

    Attributes:
        text: What is counted, with its unit if that is not Mt a year.
        read: Returns the model's figure.
        published: Published figure, with its year and definition.
    """

    text: str
    read: Read
    published: str


def passing(run: FreightRun, mask: pd.Series, partners: tuple[str, ...], cargo: str) -> float:
    """Return the tonnes that pass the arcs of a mask, Mt a year.

    Args:
        run: Freight of a case.
        mask: Arcs that count.
        partners: Partners in China's trade, both directions; all trade if empty.
        cargo: Cargo type that counts; all if empty.
    """
    table = run.result.supernetwork.identified(run.result.result.demand)
    tonnes = run.result.result.select(mask.to_numpy(dtype=np.bool_))["selected"].to_numpy()
    counted = np.ones(len(table), dtype=np.bool_)
    if partners:
        counted &= (
            (table["exporter"].eq("CHN") & table["importer"].isin(partners))
            | (table["importer"].eq("CHN") & table["exporter"].isin(partners))
        ).to_numpy()
    if cargo:
        cargos = run.case.table("commodities")["cargo"].to_dict()
        counted &= table["commodity"].map(cargos).eq(cargo).to_numpy()
    return float(tonnes[counted].sum()) / MT


def on_links(*links: str) -> Read:
    """Return a reader of the tonnes on links, both directions together, Mt a year."""
    return lambda run: passing(run, arcs_of(run)["link_id"].isin(links), (), "")


def boxes(*links: str, partners: tuple[str, ...]) -> Read:
    """Return a reader of China's goods of container kind on links, thousand loaded TEU a year."""
    return lambda run: (
        passing(run, arcs_of(run)["link_id"].isin(links), partners, "container") * 1000.0 / T_PER_TEU
    )


def at_port(*places: str, mode: str = "ferry", tankers: tuple[str, ...] = ()) -> Read:
    """Return a reader of the tonnes loaded on and unloaded from ships, and in tankers, Mt a year."""

    def read(run: FreightRun) -> float:
        arcs, nodes = arcs_of(run), run.result.supernetwork.nodes
        is_own = nodes["kind"].eq("station") & nodes["place"].isin(places) & nodes["mode"].eq(mode)
        labels = nodes.index[is_own]
        handled = arcs["kind"].isin(["transfer", "access"])
        handled &= arcs["from"].isin(labels) | arcs["to"].isin(labels)
        is_tanker = arcs["kind"].eq("pipeline") & arcs["pipeline_id"].isin(tankers)
        return passing(run, handled | is_tanker, (), "")

    return read


def border(first: str, second: str, mode: str) -> Read:
    """Return a reader of the tonnes on links of a mode between two countries, Mt a year."""

    def read(run: FreightRun) -> float:
        arcs, places = arcs_of(run), run.case.table("places")["iso3"]
        node = run.result.supernetwork.nodes["place"].map(places)
        ends = (arcs["from"].map(node), arcs["to"].map(node))
        joins = (ends[0].eq(first) & ends[1].eq(second)) | (ends[0].eq(second) & ends[1].eq(first))
        return passing(run, arcs["mode"].eq(mode) & arcs["kind"].eq("haul") & joins, (), "")

    return read


def transit_of(territory: str, mode: str = "rail") -> Read:
    """Return a reader of freight in transit by a mode, Mt a year."""

    def read(run: FreightRun) -> float:
        table = run.tables["transit_income"]
        own = (table["territory"] == territory) & (table["mode"] == mode)
        return float(table.loc[own, "tonnes"].sum()) / MT

    return read


def arcs_of(run: FreightRun) -> pd.DataFrame:
    """Return the arcs of the network that a run was assigned to."""
    return run.result.result.network.arcs


ANSWERS = (
    Answer("Kazakhstan–China by rail, both borders", on_links(DOSTYK, ALTYNKOL), "28 (2023)"),
    Answer("of it Dostyk", on_links(DOSTYK), "9.2 in seven months of 2023, about 16 a year"),
    Answer("of it Altynkol (Khorgos)", on_links(ALTYNKOL), "7.0 in seven months of 2023, about 12 a year"),
    Answer("Kazakhstan–China by road", border("KAZ", "CHN", "road"), "1.8 (2023)"),
    Answer("Kazakhstan–Uzbekistan by rail", on_links(*UZBEK_RAIL), "31 (2023)"),
    Answer("Kazakhstan–Uzbekistan by road", border("KAZ", "UZB", "road"), "none found"),
    Answer("Transit of Uzbekistan by rail", transit_of("UZB"), "9.1 (2023)"),
    Answer("Transit of Uzbekistan by road", transit_of("UZB", "road"), "2.1 (2023)"),
    Answer("Transit of Kazakhstan by rail", transit_of("KAZ"), "27 (2023)"),
    Answer("China–Europe boxes at the Chinese border, thousand TEU", boxes(*CHINESE_RAIL, partners=WEST),
           "1,900 (2023), trains to Russia and Belarus too"),
    Answer("China–Union boxes at Brest, thousand TEU", boxes(BREST, partners=UNION),
           "211 (2023), one operator, nine tenths of this transit"),
    Answer("Middle Corridor: ships between Aktau, Kuryk and Alat", on_links(*CASPIAN[:2]),
           "2.8 (2023), the route's operator"),
    Answer("Middle Corridor: all ships between the east coast and Alat", on_links(*CASPIAN),
           "3.6 (2021); 11 (2030) with reforms, World Bank, over the Caspian"),
    Answer("China–Union boxes over the Caspian, thousand TEU", boxes(*CASPIAN, partners=UNION),
           "18 (2022), EBRD"),
    Answer("Ships between Turkmenbashi and Alat", on_links(CASPIAN[2]), "3.4 (2022), all ports of both"),
    Answer("Port of Baku: all ships at Alat, tankers from Aktau", at_port("alat", tankers=TANKERS[:1]),
           "7.3 (2023)"),
    Answer("Port of Aktau with its tankers", at_port("aktau", tankers=TANKERS),
           "2.6 in seven months of 2023, about 4.5 a year"),
    Answer("Port of Kuryk", at_port("kuryk"), "1.8 in ten months of 2023, about 2.2 a year"),
    Answer("Ports of Georgia", at_port("poti", "batumi", mode="sea"), "13.9 (2023)"),
    Answer("China–Kyrgyzstan–Uzbekistan railway", on_links(*NEW_RAILWAY),
           "3 to 4 in its first phase, 15 over time"),
    Answer("Suez canal", on_links(SUEZ), "1,250 (2019)"),
    Answer("Panama canal", on_links(PANAMA), "144 in the first half of 2023"),
    Answer("Bosphorus", on_links(*BOSPHORUS), "465 (2021)"),
    Answer("Ganqmod by road", on_links(GANQMOD), "20 to 3 August 2023, about 34 a year"),
    Answer("Russian railways to China and Mongolia in the Far East", on_links(*FAR_EAST), "44 (2023)"),
)  # fmt: skip


def rows(base: FreightRun, later: FreightRun) -> Iterable[str]:
    """Yield the rows of the table in Markdown."""
    for answer in ANSWERS:
        values = (answer.read(base), answer.read(later))
        figures = (f"{value:,.1f}" if value < 100.0 else f"{value:,.0f}" for value in values)
        yield f"| {answer.text} | {' | '.join(figures)} | {answer.published} |"


def journeys(base: FreightRun, later: FreightRun) -> Iterable[str]:
    """Yield rows of journeys of a box from China to Uzbekistan by each pass: km, days, USD/TEU."""
    for start, end in JOURNEYS:
        for name, place in PASSES.items():
            figures = (by_pass(run, (start, place, end)) for run in (base, later))
            yield f"| {start} to {end} | {name} | {' | '.join(figures)} |"


def by_pass(run: FreightRun, places: tuple[str, ...]) -> str:
    """Return kilometres, days and USD/TEU of the least-cost journey of a block train's box past places."""
    result, network = run.result.result, run.result.supernetwork
    profiles = network.classes.reindex(list(result.demand.classes))
    plain = (profiles[["restriction_profile", "tariff_profile", "service"]] == "").all(axis=1)
    cargos = run.case.table("commodities")["cargo"].to_dict()
    boxed = profiles["commodity"].map(cargos).eq("container")
    position = int(np.flatnonzero((plain & boxed).to_numpy())[0])
    journey = find_journey(network, places, result.free_flow_costs[position], result.delay)
    if journey is None:
        return "– | – | –"
    return f"{journey.length_km:,.0f} | {journey.time_h / 24.0:.1f} | {journey.usd_per_t * T_PER_TEU:,.0f}"


def users_of(run: FreightRun, links: tuple[str, ...], columns: list[str], most: int = 8) -> pd.Series:
    """Return the largest flows on links by columns of the demand, Mt a year."""
    table = run.result.supernetwork.identified(run.result.result.demand)
    mask = arcs_of(run)["link_id"].isin(links).to_numpy(dtype=np.bool_)
    table["mt"] = run.result.result.select(mask)["selected"].to_numpy() / MT
    return table.groupby(columns, observed=True)["mt"].sum().sort_values(ascending=False).head(most)


def border_hours(run: FreightRun, mode: str) -> float:
    """Return the mean hours at a border of home countries, weighted by tonnes, without queues."""
    arcs, network, home = arcs_of(run), run.result.supernetwork, set(run.case.region.home)
    own = arcs["kind"].eq("crossing") & arcs["mode"].eq(mode)
    own &= arcs["from_iso3"].isin(home) | arcs["to_iso3"].isin(home)
    own &= arcs["from_iso3"].ne(arcs["to_iso3"])
    mask = own.to_numpy(dtype=np.bool_)
    hours = (arcs["time_h"].to_numpy() + network.added_hours)[:, mask]
    flows = run.result.result.flows[:, mask]
    return float((hours * flows).sum() / flows.sum())


def main() -> None:
    """Write the tables to standard output."""
    base = sogdia.run_freight(plan="as_is", year=BASE_YEAR)
    later = sogdia.run_freight(plan="committed", year=LATER)
    lines = [f"| Mt a year | {BASE_YEAR} | {LATER}, committed | published |", "|:--|--:|--:|:--|"]
    lines += rows(base, later)
    lines += [
        "",
        f"| journey of a box | by | {BASE_YEAR}: km | days | USD/TEU | {LATER}: km | days | USD/TEU |",
    ]
    lines += ["|:--|:--|--:|--:|--:|--:|--:|--:|", *journeys(base, later)]
    for columns in (["exporter"], ["importer"], ["commodity"], ["exporter", "importer", "commodity"]):
        lines += ["", f"Users of the new railway by {', '.join(columns)}, Mt a year:"]
        lines.append(users_of(later, NEW_RAILWAY, columns).round(2).to_string())
    lines += ["", "Hours at a border, both posts, without queues:"]
    lines += [f"{mode} {border_hours(base, mode):.1f}" for mode in ("road", "rail")]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
