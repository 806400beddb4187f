"""What is overdue (逾期清单), for those who answer for it: heads and the data administration."""
