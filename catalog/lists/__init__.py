"""The three lists (三张清单), read from what is published, withheld and asked for; never typed."""
