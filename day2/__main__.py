"""``python -m day2 <verb>``, the same as ``mwaa <verb>``."""

from day2.cli import main

if __name__ == "__main__":
    main()
