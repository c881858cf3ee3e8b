"""What of a consultation's results the public may see, and what it sees beside them."""
