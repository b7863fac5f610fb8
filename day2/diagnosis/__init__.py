"""What the doctor makes of what was read: which laws apply, what is told, what has drifted."""
