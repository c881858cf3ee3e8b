"""Heard: public consultations held as conversations by SMS and Telegram."""
