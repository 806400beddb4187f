"""Source conflicts (数源冲突): which department is the source of an element, where two say so."""
