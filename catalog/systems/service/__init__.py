"""The rules of the register of systems and of its census."""
