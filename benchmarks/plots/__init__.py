"""Pictures of the ledger: what a case took against its size, a line a variant."""
