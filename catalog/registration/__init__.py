"""Register (目录编制): the registrar's form, section by section, until it is submitted."""
