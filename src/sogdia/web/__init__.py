"""The workbench: a local server of pages and an API on the run store and a region."""
