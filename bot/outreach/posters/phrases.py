"""What posters say, in its source wording; translations live in `locales/*/LC_MESSAGES/poster.po`.

Somebody reads it from across a street, or has it read to them: few words, and plain ones.
"""

from bot.core.phrases import Phrase, phrase

KIND = phrase("kind", "Public consultation")
TELL = phrase("tell", "Tell us what you think.")
# Translators: {name} is a ministry, a council, a group.
ASKED_BY = phrase("asked_by", "Who asks: {name}")
# Translators: above one word or two, in large letters.
SMS = phrase("sms", "Send this by SMS:")
# Translators: follows what is sent; a telephone number stands below it.
TO = phrase("to", "to this number:")
# Translators: above a QR code.
SCAN = phrase("scan", "Or point your phone's camera here:")
# Translators: above the address of a chat.
TELEGRAM = phrase("telegram", "In Telegram:")
WHATSAPP = phrase("whatsapp", "In WhatsApp:")
FREE = phrase("free", "It is free.")
NO_NAME = phrase("no_name", "You do not have to give your name.")
# Translators: {stop} is the word after which nothing is sent any more.
STOP_WORD = phrase("stop", "You can end at any time: send {stop}.")
# Translators: {languages} lists languages, each in its own name.
LANGUAGES = phrase("languages", "You can answer in: {languages}")
# Translators: the QR code in words, for people who do not see it.
QR_SMS = phrase("qr.sms", "QR code: an SMS with the word {word} to {number}")
QR_LINK = phrase("qr.link", "QR code: {link}")

PHRASES = tuple(value for value in tuple(globals().values()) if isinstance(value, Phrase))
"""Every sentence of a poster's."""
