"""Updates of the catalogue after a change of law or duty (目录更新, Order 809, Art. 17)."""
