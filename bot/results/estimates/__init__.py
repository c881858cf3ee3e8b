"""The parts of estimates: columns counted, and what each kind of item comes to."""
