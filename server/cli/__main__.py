"""``python -m server.cli``: the same program as ``shuqiao``."""

from server.cli.main import main

if __name__ == "__main__":
    main()
