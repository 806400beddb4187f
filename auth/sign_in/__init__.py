"""The door by which people come in and leave."""
