"""Export stored runs to the formats of other tools."""

from sogdia.report.exports.bundle import Bundle
from sogdia.report.exports.layers import write_geojson, write_geopackage
from sogdia.report.exports.star import write_star
from sogdia.report.exports.workbook import write_tables_workbook

__all__ = ["Bundle", "write_geojson", "write_geopackage", "write_star", "write_tables_workbook"]
