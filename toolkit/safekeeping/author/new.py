"""`safekeeping new`: a starter file that is valid as it stands, to be rewritten."""

from __future__ import annotations

from pathlib import Path

from ..faults import WrongCall, near
from ..library import SHELVES, Course, Library
from ..records import Claim, Module
from .links import SLUG

STARTERS = Path(__file__).parent / "starters"
FOLDERS = {"scenario": "scenarios", "item": "items"}
# Claims that the starters' words rest on; a content folder without them offers its own first ones.
WANTED = ("ind-context-change", "standard-is-suspicion", "receive-write-down", "ind-bias")


def new(kind: str, name: str, folder: Path) -> Path:
    """Write a starter file into a content folder.

    Parameters
    ----------
    kind : ``scenario`` or ``item``.
    name : its id, for example ``sc21-night-bus`` or ``m5-my-question``; also the file's name.
    folder : the content folder.

    Returns
    -------
    The file that was written.

    Raises
    ------
    WrongCall : the kind is unknown, the name is no id or was used before, the file exists, or the folder has no module
        and no claim to start from.
    """
    if kind not in FOLDERS:
        raise WrongCall(f'There is no starter for "{kind}". {near(kind, FOLDERS)} Choose scenario or item.')
    refuse_name(name)
    path = folder / FOLDERS[kind] / f"{name}.toml"
    if path.exists():
        raise WrongCall(f'"{path}" exists already and stays as it is. Choose another name.')
    library = Library(folder)
    if name in _used(library, kind):
        raise WrongCall(f'The id "{name}" is in use or was used before. Ids are never used again; choose another.')
    module, objective = _module(library)
    text = (STARTERS / f"{kind}.toml").read_text(encoding="utf-8")
    for mark, value in {"NAME": name, "MODULE": module, "OBJECTIVE": objective}.items():
        text = text.replace(f"@{mark}@", value)
    text = text.replace('"@CLAIMS@"', ", ".join(f'"{id}"' for id in _claims(library)))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:  # "x": never over a file made in the meantime
        file.write(text)
    return path


def new_plan(library: Library, where: Course, name: str, audience: str, form: str, folder: Path) -> Path:
    """Write a composed plan as one complete file to edit, with nothing borrowed and no slot left.

    Raises
    ------
    WrongCall : there is no such audience or length, or the file exists.
    """
    from .. import plans
    from ..tomltext import as_toml

    refuse_name(name)
    raw, _ = plans.composed(library, where, f"{audience}-{form}")
    path = folder / f"{name}.toml"
    if path.exists():
        raise WrongCall(f'"{path}" exists already and stays as it is. Choose another name.')
    head = (
        f"# A workshop plan, made from {audience}-{form}: yours to change. Then run: safekeeping check {path.name}\n"
        "# FORMAT.md says what each field means. Kept steps (keep = …) stay, and the minutes must add up.\n"
    )
    with path.open("x", encoding="utf-8", newline="\n") as file:  # "x": never over a file made in the meantime
        file.write(head + as_toml({**raw, "id": name}))
    return path


def refuse_name(name: str) -> None:
    """Raise WrongCall if a name cannot be an id."""
    if not SLUG.fullmatch(name):
        raise WrongCall(f'"{name}" is no id. Use lower-case words joined by hyphens, such as sc21-night-bus.')


def _used(library: Library, kind: str) -> set[str]:
    """Ids of this kind that stand in a file or in the ledger, retired ones too."""
    here = {
        str(row.get("id"))
        for path in library.paths(kind)
        for row in (library.data(path).get(SHELVES[kind].table, []) if SHELVES[kind].table else [library.data(path)])
        if isinstance(row, dict)
    }
    ledger = library.folder / "ids.toml"
    table = library.data(ledger).get(kind, {}) if ledger.is_file() else {}
    lists = [table.get(name) for name in ("ids", "gone")] if isinstance(table, dict) else []
    return here | {str(id) for rows in lists if isinstance(rows, list) for id in rows}


def _module(library: Library) -> tuple[str, str]:
    """The first module with objectives, and its first objective: a place to start from."""
    modules: list[Module] = list(library.every("module"))
    for module in modules:
        if module.objectives:
            return module.id, module.objectives[0].id
    raise WrongCall("This content folder has no module with an objective yet. Write one first; see FORMAT.md.")


def _claims(library: Library) -> list[str]:
    """The claims that the starters' words rest on, or else the first that somebody has read."""
    every: list[Claim] = list(library.every("claim"))
    here = {claim.id for claim in every}
    found = [id for id in WANTED if id in here]
    found = found or [claim.id for claim in every if claim.grade == "read" and not claim.id.startswith("law-")][:2]
    if not found:
        raise WrongCall("This content folder has no claims to rest on yet. Add them under claims/; see FORMAT.md.")
    return found
