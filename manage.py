#!/usr/bin/env python
from thongsuot.config.cli import main

if __name__ == "__main__":
    main()
