"""What the doctor makes of what was read: which rules apply, what is told, what has drifted."""
