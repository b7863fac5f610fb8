"""Drills: a verb is disturbed at each of its effects and run again; nothing may be lost."""
