"""`python -m bot.cli` is `heard`."""

from bot.cli import main

main()
