"""Find (查找): the search over everything published."""
