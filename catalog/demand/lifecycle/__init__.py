"""The life of a demand: whom its steps ask, how it is answered, how it ends."""
