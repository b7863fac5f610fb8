"""The verbs of a rehearsal, one file each."""
