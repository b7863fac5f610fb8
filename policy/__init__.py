"""Does the plan keep the rules? Reads it as plain facts and lets the catalog judge them."""
