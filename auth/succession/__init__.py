"""Who takes over what ended departments held (承继), object by object."""
