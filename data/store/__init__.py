"""The ledger of record: who was promised which seat, by whom and until when, and what each facility reported."""
