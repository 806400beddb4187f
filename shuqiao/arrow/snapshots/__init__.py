"""Data as it is kept: parts, manifest, digests."""
