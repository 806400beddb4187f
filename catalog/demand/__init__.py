"""Demands (需求, 供需对接): what has no entry in the catalogue is asked for here, never by a
request (Order 809, Art. 20). Who has it, who answers, and that it came.
"""
