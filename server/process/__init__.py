"""The process tree: roles, their launcher, health, logs."""
