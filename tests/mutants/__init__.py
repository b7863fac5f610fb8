"""Every rule against a compliant platform with one thing broken: ``make mutants``."""
