"""Pure judgements about an entry: what changed, what looks wrong."""
