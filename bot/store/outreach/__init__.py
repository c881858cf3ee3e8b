"""What the store knows of reaching people: who may be invited, campaigns, invitations and reminders."""
