"""One person's interview: its state, what may happen to it, and the step from one state to the next."""
