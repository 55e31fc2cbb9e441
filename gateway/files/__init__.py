"""Attachments: what is uploaded, what becomes of it, and who gets it."""
