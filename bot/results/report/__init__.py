"""Reports: from what is published to pages, as HTML, PDF and DOCX that say the same."""
