"""What the doctor makes of what was read: which rules apply, what is reported, what has drifted."""
