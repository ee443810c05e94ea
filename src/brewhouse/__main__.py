"""``python -m brewhouse`` is the command ``brewhouse``."""

from brewhouse.cli.app import main

if __name__ == "__main__":
    main()
