"""The HTTP API: thin routes over a directory that is held in memory. Nothing is decided here."""
