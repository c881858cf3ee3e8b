"""Consultation files and transcripts: from bytes on disk to records, or to every problem in them."""
