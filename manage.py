#!/usr/bin/env python
"""Django's command line for pingyi."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pingyi.settings")
    from django.core.management import execute_from_command_line

    from pingyi.trouble import explained

    with explained("".join(sys.argv[1:2])):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
