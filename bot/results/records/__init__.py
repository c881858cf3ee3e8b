"""What results are: plain frozen records, for reports, digests, the terminal and the API alike.

Nothing here computes and nothing heavy is imported. All of it is JSON by msgspec, there and back. Shares are from 0 to
1. Intervals are at 95%. A value that cannot be had (a share of nobody, an interval of one number) is None, never 0.

A `Count` that is None is withheld, so that nobody is singled out by it: results are computed whole, and published
(`bot.results.publication`) with what is too small taken out, along with all that is computed from it.

Labels are `Text`s, so that a report can be in any language of the consultation; they are None where a name speaks for
itself or is the reader's to translate: a language's code, a channel, a band of ages.
"""
