"""What follows for a person, as text and buttons that one channel can show."""
