"""Working copies (变更稿) of published entries, and taking back or throwing away what is not."""
