"""Editions of the data of a published entry (数据更新批次): which rows are its data, since when."""
