"""Tests mirror the rooms; a test's name is its claim."""
