"""Tests of Meta's dialect."""
