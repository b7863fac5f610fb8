"""The verb ``logs``: what the five log groups hold, merged by time and followed."""
