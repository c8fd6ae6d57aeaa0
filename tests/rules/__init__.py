"""One file a rule: a few facts each, no solver."""
