"""Before data is collected (采集前核查, rule 38): who has it already; and forms that are asked for
again and again (重复填报).
"""
