"""Tests of the machine work with Meta."""
