"""What the commands do: ``making``, ``restoring``, ``looking``; and what they share."""
