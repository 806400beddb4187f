"""``/metrics``: what the process counts, and what database and disk have to be asked for."""
