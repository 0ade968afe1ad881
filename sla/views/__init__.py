"""Pages of deadlines and of the policy behind them."""
