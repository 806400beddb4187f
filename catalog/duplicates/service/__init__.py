"""Which elements items are likely to be, and binding them."""
