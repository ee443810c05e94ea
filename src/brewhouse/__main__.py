"""The command ``brewhouse``, also as ``python -m brewhouse``."""

import sys


def main() -> None:
    """Run the command line. Ctrl-C ends it without a trace from the first moment on, while it is being imported."""
    try:
        from brewhouse.cli.app import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped before anything was begun.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
