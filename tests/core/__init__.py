"""Tests of the office's work."""
