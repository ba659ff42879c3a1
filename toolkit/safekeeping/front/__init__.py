"""The exercises' ES modules and styles, and the one function that joins modules into a single text.

JupyterLab's widgets load a module as a lone text, in which relative imports do not resolve; a page under a strict
content policy runs no modules at all. So modules are joined when they are read: there is no bundler and no built file.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'import \{ \w+(?:, \w+)* \} from "\./(\w+\.js)";$')
_DEFAULT = re.compile(r"export default (.+);$")
_NAMED = re.compile(r"^export (?=(?:async )?function |const |class )")


@cache
def text(name: str, *, classic: bool = False) -> str:
    """One module with everything that it imports, each file once, in one scope.

    Parameters
    ----------
    name : a file of this folder, for example ``scenario.js``.
    classic : for a page: the default export becomes ``globalThis.safekeeping``, inside a function.

    Raises
    ------
    ValueError : an import or export has any other form than the plain ones of the house.
    """
    lines: list[str] = []
    _join(name, name, classic, lines, set())
    joined = "\n".join(lines) + "\n"
    # A page carries the script once for every reader: without comments and indentation it is a quarter smaller.
    bare = re.sub(r"^\s+", "", re.sub(r"^\s*(/\*\*.*?\*/|//[^\n]*)\n", "", joined, flags=re.M | re.S), flags=re.M)
    return f"(() => {{\n{bare}}})();\n" if classic else joined


def _join(name: str, root: str, classic: bool, lines: list[str], done: set[str]) -> None:
    done.add(name)
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if wanted := _IMPORT.match(line):
            if wanted[1] not in done:
                _join(wanted[1], root, classic, lines, done)
        elif default := _DEFAULT.match(line):
            if name == root:
                lines.append(f"globalThis.safekeeping = {default[1]};" if classic else line)
        else:
            whole = name == root and not classic  # this file stays a module of its own
            plain = line if whole else _NAMED.sub("", line, count=1)
            if re.match(r"\s*import\b" if whole else r"\s*(import|export)\b", plain):
                raise ValueError(f"{name}: this line has a form that is not joined: {line.strip()!r}")
            lines.append(plain)


@cache
def style(*names: str) -> str:
    """Style sheets of this folder, one after the other, without comments and without spaces that say nothing.

    A space before a colon or a bracket, and one around ``+`` or ``-``, says something and stays.
    """
    whole = "".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)
    bare = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", whole, flags=re.S))
    return re.sub(r"\s*([{};,])\s*|(?<=:) ", r"\1", bare).replace(";}", "}").strip()
