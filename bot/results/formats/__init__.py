"""The files that a dataset is written to."""
