"""Telegram: updates in, method calls out, through python-telegram-bot's own models and client."""
