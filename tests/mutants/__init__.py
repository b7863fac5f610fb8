"""Every rule against a compliant platform with one thing broken: ``make mutants``.

A case of ``tests/policy/rules`` says what a rule means: which values fail it, pass it or leave it
unknown. A mutant says that a fact reaches the rule, from a plan and from an account. So a rule has
one mutant in each origin, and another only for another way of reading: another resource type,
another property, another answer of AWS. Another value of the same property is a case.
"""
