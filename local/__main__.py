"""`python -m local VERB`: rehearse without an account. `python -m local --help` lists the verbs."""

from local.cli.app import main

if __name__ == "__main__":
    raise SystemExit(main())
