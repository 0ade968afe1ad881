"""The measure of speed: pages, API and papers in floors, a bare view with one indexed query timed in the same run."""
