"""Rules of the environment itself: its settings, its life, its alarms."""
