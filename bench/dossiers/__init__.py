"""Invented dossiers: an Indonesian law office, its clients, and what WhatsApp reported. Nobody in here exists."""
