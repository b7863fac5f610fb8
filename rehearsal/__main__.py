"""`python -m rehearsal VERB`: rehearse without an account. `python -m rehearsal --help` lists the
verbs."""

from rehearsal.cli.app import main

if __name__ == "__main__":
    raise SystemExit(main())
