"""The engine: rules, sweep, rank, explain and assign for referral placement. It reads no files, knows no identity."""
