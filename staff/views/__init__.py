"""Pages of people and organisation."""
