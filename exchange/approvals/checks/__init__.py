"""Pure judgements: of a prepared reply, and of the request it answers."""
