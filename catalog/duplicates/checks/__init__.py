"""What speaks for an item being an element: one pure function a signal, each over all items and all
elements at once, and one score of them.
"""
