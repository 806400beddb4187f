"""The rules: who has a field already, why it is collected again, who is asked again and again."""
