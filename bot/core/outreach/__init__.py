"""How a consultation reaches people: the file beside it says when, how often and in which words.

Only what is said and allowed stands here. Who is written to is a matter of `bot.outreach`.
"""
