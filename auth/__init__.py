"""Who is asking (身份): departments, accounts, sign-in, service tokens,
and the guard in front of every route.
"""
