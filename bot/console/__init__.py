"""Web pages for people who run consultations, and the chat page on which anyone can try one."""
