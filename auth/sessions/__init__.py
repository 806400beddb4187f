"""Browser sessions: opened, found by their cookie, ended."""
