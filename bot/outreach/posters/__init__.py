"""Posters and links: what brings people to a consultation who were not invited."""
