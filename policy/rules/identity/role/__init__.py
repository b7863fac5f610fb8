"""Rules of the execution role's trust and of rights beyond need."""
