"""Register (目录编制、挂接): data resources, their information items,
and the data attached to them.
"""
