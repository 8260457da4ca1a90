#!/usr/bin/env python
"""Django's command line for pingyi."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pingyi.settings")
    from pingyi.commanding import KeptCommands
    from pingyi.trouble import explained

    with explained("".join(sys.argv[1:2])):
        KeptCommands(sys.argv).execute()


if __name__ == "__main__":
    main()
