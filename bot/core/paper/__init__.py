"""Forms that were filled in on paper: the same questions, with the same checks as in a conversation."""
