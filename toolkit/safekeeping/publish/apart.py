"""Typesets one document in a process of its own, so that what typst remembers of it goes when the process ends.

`typeset` starts this file and speaks with it. JSON with the files (base64), the fonts and the options comes in; JSON
with the PDF (base64) and the sizes of type that the template has found goes out. A fault is text on the error stream
and the exit code 1. The files stand in a folder for this one document: typst cannot tell what it found of a folder in
memory.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from pathlib import Path

FOUND = "<size>"  # the label under which a template says what it has found


def main() -> int:
    """Read one order, write one document."""
    import typst

    order = json.load(sys.stdin)
    own = bool(order["system_fonts"])
    fonts = typst.Fonts(include_system_fonts=own, include_embedded_fonts=False, font_paths=order["fonts"])
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, raw in order["files"].items():
                if Path(name).name != name:
                    raise OSError(f'"{name}" is no name of a file')  # it would lead out of the folder
                Path(folder, name).write_bytes(base64.b64decode(raw))
            compiler = typst.Compiler(
                Path(folder, "main.typ"), root=folder, font_paths=fonts, ignore_system_fonts=not own
            )
            made = compiler.compile(**order["options"])
            found = dict(json.loads(compiler.query(FOUND, field="value")))
    except (RuntimeError, OSError) as error:
        sys.stderr.write(str(error))
        return 1
    assert isinstance(made, bytes)  # no file is named for it
    json.dump({"pdf": base64.b64encode(made).decode(), "sizes": found}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
