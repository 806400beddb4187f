"""What happened (审计): every state change and every refusal, written
in the same transaction as the change.
"""
