"""Reaching people: who is written to, when and why, within the limits that protect them."""
