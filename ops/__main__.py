"""``python -m ops <verb>``, the same as ``mwaa <verb>``."""

from ops.cli import main

if __name__ == "__main__":
    main()
