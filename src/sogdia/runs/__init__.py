"""Run and study definitions, the scheduler, executors, the store, comparison, indicators and validation."""
