"""Areas (地区) that departments answer for: divisions of GB/T 2260 and functional areas."""
