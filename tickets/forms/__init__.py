"""Forms of the main line, by noun."""
