"""A whole campaign in simulated time: simulated people, a simulated carrier, and every part of Heard as it is."""
