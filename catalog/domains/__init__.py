"""Value domains (值域): the permitted codes of a datum in dated editions."""
