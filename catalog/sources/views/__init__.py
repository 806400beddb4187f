"""What is shown of sources: to programs, on the page of an element, on pages of their own."""
