"""Register (目录编制): data resources and their information items."""
