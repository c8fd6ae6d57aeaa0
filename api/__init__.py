"""Thin: the command line, and later HTTP routes and the desk's pages. Nothing is decided here."""
