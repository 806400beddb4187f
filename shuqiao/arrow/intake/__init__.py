"""From files of any kind to tables: kind, encoding, header, types."""
