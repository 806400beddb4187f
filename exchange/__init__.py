"""How data moves (交换): requests → approvals → grants → deliveries."""
