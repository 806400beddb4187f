"""Keys of the installation (密钥): registered by fingerprint, listed, rotated by the operator."""
