"""Formats of transport networks: TNTP, GMNS, OMX matrices, GeoPackage, GeoJSON and CSV."""

from sogdia.assignment.formats.export import write_csv, write_geojson, write_geopackage, write_od_csv
from sogdia.assignment.formats.gis import open_gis
from sogdia.assignment.formats.gmns import read_gmns
from sogdia.assignment.formats.gmns_writing import write_gmns
from sogdia.assignment.formats.omx import read_omx, write_omx
from sogdia.assignment.formats.tntp import read_tntp, read_tntp_flows
from sogdia.assignment.formats.tntp_writing import write_tntp, write_tntp_flows

__all__ = [
    "open_gis",
    "read_gmns",
    "read_omx",
    "read_tntp",
    "read_tntp_flows",
    "write_csv",
    "write_geojson",
    "write_geopackage",
    "write_gmns",
    "write_od_csv",
    "write_omx",
    "write_tntp",
    "write_tntp_flows",
]
