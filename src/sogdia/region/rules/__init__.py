"""Rules between rows and between tables, one page a subject.

A rule is a function of all tables that yields faults. To add one, write it on the page of its subject
and name it in :data:`RULES` with the tables it reads.
"""

from __future__ import annotations

from sogdia.region.rules.base import Rule
from sogdia.region.rules.edits import effects_touch_rows, planned_rows_have_a_project, variants_touch_rows
from sogdia.region.rules.geography import link_lengths_are_possible
from sogdia.region.rules.money import exposures_stay_within_the_whole, partners_do_not_overlap
from sogdia.region.rules.networks import (
    islands_are_declared,
    stations_touch_their_modes,
    zones_reach_a_network,
)
from sogdia.region.rules.provenance import country_codes_are_iso, judgements_are_explained
from sogdia.region.rules.ranges import ranges_can_be_tried
from sogdia.region.rules.references import (
    home_group_is_there,
    references_hold,
    restrictions_name_something,
)
from sogdia.region.rules.shares import every_economy_has_zones, zone_shares_sum_to_one
from sogdia.region.rules.time import dates_exist, growth_covers_the_years, nothing_ends_before_it_starts
from sogdia.region.rules.trade import economies_sell_at_home, groups_sum_to_all, one_rate_is_active
from sogdia.region.rules.units import cells_name_known_units
from sogdia.tables import table_schemas

_EVERY = frozenset(table_schemas())

RULES: tuple[Rule, ...] = (
    Rule(_EVERY, references_hold),
    Rule(frozenset({"restrictions", "parties", "places", "links"}), restrictions_name_something),
    Rule(frozenset({"economies"}), home_group_is_there),
    Rule(_EVERY, judgements_are_explained),
    Rule(_EVERY, cells_name_known_units),
    Rule(frozenset({"parties"}), country_codes_are_iso),
    Rule(frozenset({"zones"}), zone_shares_sum_to_one),
    Rule(frozenset({"zones", "economies"}), every_economy_has_zones),
    Rule(frozenset({"links", "places"}), link_lengths_are_possible),
    Rule(frozenset({"zones", "links", "places"}), zones_reach_a_network),
    Rule(frozenset({"links", "islands"}), islands_are_declared),
    Rule(frozenset({"links", "places", "crossings", "transfers"}), stations_touch_their_modes),
    Rule(_EVERY, effects_touch_rows),
    Rule(_EVERY, variants_touch_rows),
    Rule(_EVERY, planned_rows_have_a_project),
    Rule(frozenset({"projects", "restrictions"}), nothing_ends_before_it_starts),
    Rule(frozenset({"policy_events", "sources"}), dates_exist),
    Rule(frozenset({"growth", "economies"}), growth_covers_the_years),
    Rule(frozenset({"trade", "economies"}), economies_sell_at_home),
    Rule(frozenset({"trade", "commodities"}), groups_sum_to_all),
    Rule(frozenset({"rates"}), one_rate_is_active),
    Rule(frozenset({"assumption_ranges", "power_costs", "variants"}), ranges_can_be_tried),
    Rule(frozenset({"partners"}), partners_do_not_overlap),
    Rule(frozenset({"partner_exposure"}), exposures_stay_within_the_whole),
)
"""Every rule, with the tables it cannot do without."""

__all__ = ["RULES", "Rule"]
