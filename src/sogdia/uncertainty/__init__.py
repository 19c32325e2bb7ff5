"""How far results move when uncertain assumptions do."""
