"""What may be done with calls, tickets, orders and visits: every write of this app."""
