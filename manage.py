#!/usr/bin/env python
import sys

from kaab.command_line import main

if __name__ == "__main__":
    main(sys.argv)
