"""The ledger: claims read from articles, deals and projects with their provenance."""
