"""HTTP of proposals, bindings and suspected duplicates."""
