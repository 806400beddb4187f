"""HTTP of departments, duties, acts and areas."""
