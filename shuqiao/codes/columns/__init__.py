"""The same checks over whole columns: no Python for each row, null stays null."""
