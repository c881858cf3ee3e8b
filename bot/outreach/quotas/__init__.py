"""Recruiting by quotas: where they stand, whom they hold back, and which invitations go next."""
