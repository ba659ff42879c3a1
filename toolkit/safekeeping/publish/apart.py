"""Typesets one document in a process of its own, so that what typst remembers of it goes when the process ends.

`typeset` starts this file and speaks with it: JSON with the files (base64), the fonts and the options comes
in, and the PDF goes out; a fault is text on the error stream and the exit code 1.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any


def main() -> int:
    """Read one order, write one document."""
    import typst

    order = json.load(sys.stdin)
    folder = {name: base64.b64decode(raw) for name, raw in order["files"].items()}
    own = bool(order["system_fonts"])
    fonts = typst.Fonts(include_system_fonts=own, include_embedded_fonts=False, font_paths=order["fonts"])
    try:
        nothing: Any = {"main.typ": b""}  # its stub knows no folders in memory
        compiler: Any = typst.Compiler(nothing, font_paths=fonts, ignore_system_fonts=not own)
        made = compiler.compile(folder, **order["options"])
    except RuntimeError as error:
        sys.stderr.write(str(error))
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
