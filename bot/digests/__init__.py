"""What is new in a consultation, told to policy teams on a schedule, by e-mail or webhook, once.

Digests are made of counts that the database makes and of what was published; nobody's answers are in them.
"""
