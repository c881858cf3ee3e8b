"""From stored interviews to tables, counts and files. Nothing here knows a contact or an address."""
