"""Acts by which departments are merged and split (机构改革)."""
