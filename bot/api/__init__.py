"""What policy teams read over HTTP: a JSON API of what was published and, with a token that says so, of answers; and
feeds of what is new.

Nothing is computed here: results are given as they were published, when they had passed what keeps people from being
singled out.
"""
