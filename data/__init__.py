"""Everything that brings records in, keeps them, or makes them up."""
