"""Pages of warranties."""
