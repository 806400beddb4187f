"""One source for each datum (一数一源): claims, countersigning, the named source (Art. 19)."""
