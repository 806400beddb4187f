"""How far a table keeps to the standards of its columns (符合性检查)."""
