"""Pages of customers and machines."""
