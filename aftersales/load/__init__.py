"""A load to measure with: years of lifelike service, the same for the same seed, written by COPY in batches.

Search pieces, verdicts and deadlines come from the functions that the actions use.
"""
