"""The ledger of rewards: money is set aside before it is paid, once for each completed interview.

A row says what is known. What may have been paid is never taken for unpaid again: it is tried under its key, by which
the receiver knows it, and under no other.
"""
