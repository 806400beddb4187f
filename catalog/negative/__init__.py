"""The negative list (负面清单): what is not shared, by which basis, how far and how long
(Order 809, Arts. 14 and 15).
"""
