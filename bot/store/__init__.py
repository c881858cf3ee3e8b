"""What Heard remembers, and the only place that knows SQL."""
