"""Readers that turn somebody's format into our columns."""
