"""Present stored results: brief, maps, charts and exports."""
