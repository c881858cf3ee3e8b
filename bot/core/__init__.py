"""The consultation itself: functions over frozen records, with no I/O, clock, randomness or database."""
