"""Benchmarks: registered cases, peers to compare with, and an append-only ledger of what was measured."""
