"""Items that hold what a data element already stands for (疑似重复), and proposals to bind them."""
