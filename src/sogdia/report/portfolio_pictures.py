"""Draw the pictures of a portfolio brief: the recommended projects on a map, and the trade-off curve."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from sogdia.report.map_names import draw_markers, write_names
from sogdia.report.maps import (
    EDGE_PT,
    build_base_map,
    country_points,
    credit,
    draw_countries,
    points_on_page,
)
from sogdia.report.portfolio_inputs import PortfolioInputs
from sogdia.report.style import DARK, FAINT, INK, LIGHT, MIDDLE, SOFT, WIDTH_IN, Picture, figure, picture
from sogdia.report.wording import format_number

CURVE_IN = 3.6


def draw_projects(inputs: PortfolioInputs) -> Picture | None:
    """Draw the recommended projects on the map of the region, by number; ``None`` if none has a place."""
    base = build_base_map(inputs.region)
    points = points_on_page(base, _apart(inputs.points))
    if not points:
        return None
    shown = inputs.chosen[inputs.chosen["number"].astype(str).isin([point.name for point in points])]
    listed = "; ".join(f"{row['number']} {row['name']}" for row in shown.to_dict("records"))
    with figure(WIDTH_IN, base.height_in) as page:
        axes = draw_countries(page, base)
        occupied = draw_markers(axes, points)
        left, bottom = axes.transData.transform(base.frame[:2]).tolist()
        right, top = axes.transData.transform(base.frame[2:]).tolist()
        frame = (left + EDGE_PT, bottom + EDGE_PT, right - EDGE_PT, top - EDGE_PT)
        write_names(page, axes, [], country_points(base), frame, occupied)
        caption = f"Recommended projects, numbered as in the table. {credit(base)}"
        return picture(page, "projects_map", f"Map of the recommended projects: {listed}.", caption)


def _apart(points: pd.DataFrame, least: float = 0.9) -> pd.DataFrame:
    """Move points that lie on each other apart, by degrees, each around the first of its group."""
    moved: list[tuple[str, float, float]] = []
    for name, lat, lon in points.itertuples(index=False):
        near = sum(abs(lat - a) < least and abs(lon - b) < least for _, a, b in moved)
        angle = 2.4 * near
        shift = least * 1.2 * min(near, 1) * (1.0 + 0.25 * near)
        moved.append((str(name), lat + shift * np.sin(angle), lon + shift * np.cos(angle)))
    return pd.DataFrame(moved, columns=["name", "lat", "lon"])


def draw_front(inputs: PortfolioInputs) -> Picture:
    """Draw net present value against the largest loss, with the best at each level of it."""
    front, price = inputs.table("front"), inputs.table("price").sort_values("worst_loss_pct")
    best = front.iloc[0]
    with figure(WIDTH_IN, CURVE_IN) as page:
        axes = page.add_axes((0.105, 0.15, 0.87, 0.8))
        gain = front["npv_musd"] / 1e3
        for is_full, face in ((False, "white"), (True, LIGHT)):
            own = front["verified"].astype(bool) == is_full
            axes.plot(
                front.loc[own, "worst_loss_pct"],
                gain[own],
                "o",
                ms=4.2,
                mfc=face,
                mec=SOFT,
                mew=0.7,
                zorder=3,
            )
        if len(price):
            levels = price["worst_loss_pct"].to_numpy(dtype=float)
            axes.step(levels, price["npv_musd"] / 1e3, where="post", color=DARK, lw=1.6, zorder=4)
        axes.plot(best["worst_loss_pct"], best["npv_musd"] / 1e3, "D", ms=7.0, color=MIDDLE, zorder=5)
        axes.set_xlabel("Largest loss if one partner withdraws, per cent of GDP a year", fontsize=8.0)
        axes.set_ylabel("Net present value, billion dollars", fontsize=8.0)
        axes.grid(color=FAINT, lw=0.4, zorder=0)
        axes.axhline(0.0, color=INK, lw=0.5, zorder=1)
        handles = [
            Line2D([], [], marker="D", ls="", color=MIDDLE, ms=6.0, label="recommended"),
            Line2D([], [], color=DARK, lw=1.6, label="best at each level of the loss"),
            Line2D([], [], marker="o", ls="", mfc=LIGHT, mec=SOFT, ms=4.5, label="run in full"),
            Line2D([], [], marker="o", ls="", mfc="white", mec=SOFT, ms=4.5, label="by singles and pairs"),
        ]
        axes.legend(handles=handles, loc="best", fontsize=7.4)
        ends = [format_number(value) for value in (front["npv_musd"].min(), front["npv_musd"].max())]
        losses = [
            format_number(value, 3) for value in (front["worst_loss_pct"].min(), best["worst_loss_pct"])
        ]
        alt = (
            f"{len(front)} portfolios of the front. Their net present value lies between {ends[0]} and "
            f"{ends[1]} million dollars; the largest loss falls from {losses[1]} per cent of GDP to "
            f"{losses[0]}."
        )
        caption = (
            "Portfolios of the front. On the line no other portfolio has a larger net present value at this "
            "or a smaller loss; the other portfolios are better by another objective."
        )
        return picture(page, "front", alt, caption)
