"""The administrators' doors (三员分立): departments, accounts, roles."""
