"""Tests of the benchmarks: that they run and agree, never how fast."""
