"""The sections of a brief, in its order; each turns what was gathered into words, tables and pictures."""
