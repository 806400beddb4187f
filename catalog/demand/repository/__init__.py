"""SQL of demands: the cases, what may serve them, the month in figures."""
