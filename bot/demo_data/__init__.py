"""Interviews made up for trying results, reports and benchmarks: held by the engine itself, with people who are not.

Some thousand interviews are held, message by message; as many as are wanted are copied from them. Nobody is behind
them: there are no contacts, and so nobody whom Heard could write to.
"""

from bot.demo_data.drawing import copies
from bot.demo_data.holding import hold
from bot.demo_data.people import Crowd, people
from bot.demo_data.words import VOICES

__all__ = ["VOICES", "Crowd", "copies", "hold", "people"]
