"""Forms on paper, from the spreadsheet that they were typed into."""
