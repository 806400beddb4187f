"""The desk (待办、消息)."""
