"""What people who run MWAA reported in public, and the tests that hold the right answer to each."""
