"""The life of a check before collecting, and of a report of a repeated form."""
