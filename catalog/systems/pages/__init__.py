"""Pages of the register of systems, of its census and of what it covers."""
