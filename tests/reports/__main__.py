"""``python -m tests.reports``: how many public reports are handled, and by which tests."""

from tests.reports.reports import lines


def main() -> None:
    for line in lines():
        print(line)


if __name__ == "__main__":
    main()
