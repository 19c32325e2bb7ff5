"""Parameters and variables of one counterfactual as arrays.

All variables are relative to the base year ("hat"), in logarithms where they multiply. S sectors, N
economies, M cells with a specific factor, W wedges.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sogdia.trade.arrays import Bools, Floats, Ints

ADDITIVE, MULTIPLICATIVE, ZERO = 0, 1, 2
"""Imbalance rules."""


class World(NamedTuple):
    """Parameters of a counterfactual.

    Attributes:
        import_weight: Foreign expenditure shares of the base year times ``κ̂^−θ``, ``π κ̂^−θ``, by exporter
            and importer; 0 where trade is cut off and on the diagonal, (S, N, N).
        import_weight_net: The same over what buyers pay for one unit of sales, tariff and wedge included,
            (S, N, N).
        home_weight: Home expenditure shares times ``κ̂^−θ``, (S, N).
        theta: Trade elasticities, (S,).
        labour_share: Share of labour in costs γL: value added less the specific factor's share, (S, N).
        input_share: Share of input s in the costs of sector k, (N, S, S) [economy, s, k]; (0, 0, 0) without
            intermediate inputs.
        input_share_of_user: The same as [economy, k, s]: both are read in the order of storage.
        home_inverse: Inverse of ``1 − γ h``, with the home shares h of the base year, as [economy, s, k], of
            row k and column s: what a sale of s requires of k through inputs bought at home, (N, S, S).
        home_inverse_of_user: The same as [economy, k, s].
        final_share: Sector shares in final expenditure α, (S, N).
        sector_share: Sector shares in total expenditure of the base year, (S, N).
        log_productivity: Log change of productivity, (S, N).
        labour_income: Labour income of the base year times the change of labour supply, (N,).
        value_added: Value added of the base year, (N,).
        imbalance: Imports less exports of the base year, less named transfers, (N,).
        transfer: Named transfers received less those paid, (N,).
        spending_ratio: Final expenditure over own income and named transfers in the base year, (N,).
        max_unpaid_share: Upper bound of the share of imports not paid for by exports, or of exports not spent
            on imports, (N,).
        gross_ratio: Total expenditure over final expenditure in the base year, (N,).
        group: Number of the group of economies that can still trade with each other, (N,).
        is_unsupplied: True where no supplier of a sector is left, so that it is produced at home, (S, N).
        log_substitute_price: Log price of that home production, over the base-year price, at unchanged input
            costs.
        rent_cell: Sector and economy of each cell with a specific factor that still sells, (M, 2).
        rent: Its rent in the base year, (M,).
        rent_share: Its share in costs γR, (M,).
        supply_elasticity: Elasticity η of its supply by its real rent; 0 for fixed reserves, (M,).
        wedge_cell: Sector, exporter, importer and owner of each wedge, (W, 4).
        wedge_rate: Its rate ω on what the exporter receives, (W,).
        rule: Imbalance rule: 0 additive, 1 multiplicative, 2 zero.
        has_tariffs: True if the counterfactual has tariffs.
        has_factors: True if value added of the world may change in units of labour income: with specific
            factors or a change of labour supply.
    """

    import_weight: Floats
    import_weight_net: Floats
    home_weight: Floats
    theta: Floats
    labour_share: Floats
    input_share: Floats
    input_share_of_user: Floats
    home_inverse: Floats
    home_inverse_of_user: Floats
    final_share: Floats
    sector_share: Floats
    log_productivity: Floats
    labour_income: Floats
    value_added: Floats
    imbalance: Floats
    transfer: Floats
    spending_ratio: Floats
    max_unpaid_share: Floats
    gross_ratio: Floats
    group: Ints
    is_unsupplied: Bools
    log_substitute_price: float
    rent_cell: Ints
    rent: Floats
    rent_share: Floats
    supply_elasticity: Floats
    wedge_cell: Ints
    wedge_rate: Floats
    rule: int
    has_tariffs: bool
    has_factors: bool


class State(NamedTuple):
    """Variables of a counterfactual; all but ``unknown`` follow from it by :func:`evaluate`.

    Attributes:
        unknown: Log wages and log rents in one array, of which the next two are parts, (N + M,).
        log_wage: Log change of wages, labour income of each group being the solver's numeraire, (N,).
        log_rent: Log change of the rent of one unit of a specific factor, (M,).
        log_supply: Log of ``r̂ K̂`` of each specific factor, (M,).
        log_price: Log change of prices, (S, N).
        log_cost: Log change of the cost of the input bundle, productivity included, (S, N).
        cost_term: ``ĉ^−θ``, (S, N).
        phi_import: ``Σ_i π κ̂^−θ ĉ^−θ`` over foreign suppliers, (S, N).
        phi_import_net: The same with ``import_weight_net``, (S, N).
        phi: ``Φ̂ = P̂^−θ``, home suppliers included (Eaton & Kortum 2002), (S, N).
        expenditure: Total expenditure by sector, tariffs and wedges included, (S, N).
        output: Sales by sector, net of tariffs and wedges, (S, N).
        final_expenditure: Final expenditure, (N,).
        tariff_revenue: Tariff revenue, (N,).
        rent_income: Rents of specific factors, (N,).
        scarcity_received: Revenue of wedges that the economy owns, (N,).
        scarcity_paid: Revenue of wedges on its imports, (N,).
        imbalance: Imports less exports, less net payments of scarcity rents, (N,).
        exports: Exports net of tariffs and wedges, (N,).
        imports: Imports net of tariffs and wedges, (N,).
        log_price_index: Log change of the price of final expenditure; 0 without specific factors, (N,).
        excess_demand: Excess demand for labour and specific factors over the supply of labour, (N,), and the
            log of demand over supply of each specific factor, (M,).
    """

    unknown: Floats
    log_wage: Floats
    log_rent: Floats
    log_supply: Floats
    log_price: Floats
    log_cost: Floats
    cost_term: Floats
    phi_import: Floats
    phi_import_net: Floats
    phi: Floats
    expenditure: Floats
    output: Floats
    final_expenditure: Floats
    tariff_revenue: Floats
    rent_income: Floats
    scarcity_received: Floats
    scarcity_paid: Floats
    imbalance: Floats
    exports: Floats
    imports: Floats
    log_price_index: Floats
    excess_demand: Floats


BY_SECTOR = (
    "log_price",
    "log_cost",
    "cost_term",
    "phi_import",
    "phi_import_net",
    "phi",
    "expenditure",
    "output",
)
BY_ECONOMY = (
    "final_expenditure",
    "tariff_revenue",
    "rent_income",
    "scarcity_received",
    "scarcity_paid",
    "imbalance",
    "exports",
    "imports",
    "log_price_index",
)
"""Variables of :class:`State` by sector and economy, and by economy."""


def new_state(sectors: int, size: int, rents: int = 0) -> State:
    """Return a state at wages and rents of the base year."""
    unknown = np.zeros(size + rents)
    arrays: dict[str, Floats] = {name: np.zeros((sectors, size)) for name in BY_SECTOR}
    arrays |= {name: np.zeros(size) for name in BY_ECONOMY}
    arrays |= {
        "unknown": unknown,
        "log_wage": unknown[:size],
        "log_rent": unknown[size:],
        "log_supply": np.zeros(rents),
    }
    return State(**arrays, excess_demand=np.zeros(size + rents))
