"""Pages of the main line: desk, tickets, orders, the engineer's tablet, approvals, papers."""
