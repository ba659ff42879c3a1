"""The front end: plain modules that join into one text, hold no rule and no word, and reach nothing."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import esprima
import pytest

from safekeeping import front
from safekeeping.library import Library

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(front.__file__).parent
MODULES = sorted(path.name for path in FOLDER.glob("*.js"))
ROOTS = [
    "care.js", "carried.js", "deck.js", "desk.js", "find.js", "form-page.js", "form.js", "host.js",
    "mastery.js", "quiz.js", "scenario.js", "scorm.js", "site.js", "sort.js", "speaker.js",
]  # fmt: skip
Node = dict[str, Any]

# The kinds of node that ES2020 has. Newer syntax has other kinds: fields, private names, static blocks.
ES2020 = {
    "ArrayExpression", "ArrayPattern", "ArrowFunctionExpression", "AssignmentExpression", "AssignmentPattern",
    "AwaitExpression", "BinaryExpression", "BlockStatement", "BreakStatement", "CallExpression", "CatchClause",
    "ChainExpression", "ClassBody", "ClassDeclaration", "ClassExpression", "ConditionalExpression",
    "ContinueStatement", "DoWhileStatement", "EmptyStatement", "ExportDefaultDeclaration", "ExportNamedDeclaration",
    "ExpressionStatement", "ForInStatement", "ForOfStatement", "ForStatement", "FunctionDeclaration",
    "FunctionExpression", "Identifier", "IfStatement", "ImportDeclaration", "ImportSpecifier", "Literal",
    "LogicalExpression", "MemberExpression", "MetaProperty", "MethodDefinition", "NewExpression", "ObjectExpression",
    "ObjectPattern", "Program", "Module", "Script", "Property", "RestElement", "ReturnStatement", "SequenceExpression",
    "SpreadElement", "Super", "SwitchCase", "SwitchStatement", "TaggedTemplateExpression", "TemplateElement",
    "TemplateLiteral", "ThisExpression", "ThrowStatement", "TryStatement", "UnaryExpression", "UpdateExpression",
    "VariableDeclaration", "VariableDeclarator", "WhileStatement", "YieldExpression",
}  # fmt: skip
# Functions of the language that came after ES2020: an older phone does not have them.
NEWER = {
    "at", "findLast", "findLastIndex", "flatMapAsync", "fromAsync", "groupBy", "hasOwn", "replaceAll",
    "structuredClone", "toReversed", "toSorted", "toSpliced", "withResolvers",
}  # fmt: skip
# Ways for text to become markup or code, and ways out of the page or into its storage.
FORBIDDEN = {
    "innerHTML", "outerHTML", "insertAdjacentHTML", "write", "writeln", "createContextualFragment", "setHTML",
    "parseFromString", "DOMParser", "srcdoc", "eval", "Function", "fetch", "XMLHttpRequest", "WebSocket",
    "EventSource", "sendBeacon", "RTCPeerConnection", "Worker", "SharedWorker", "serviceWorker", "importScripts",
    "localStorage", "sessionStorage", "indexedDB", "caches", "cookie", "cookieStore", "BroadcastChannel",
    "postMessage",
}  # fmt: skip
# The one module that keeps something in the browser, and only where the learner chose it (test_site_browser.py).
KEEPS = {"keep.js": {"localStorage", "sessionStorage"}}
# Tables of words that the scripts read: those of the exercises by their keys, those of the site with the table's name.
TABLES = ("certificate", "check", "find", "keep", "scorm")
NAMESPACE = "http://www.w3.org/2000/svg"  # a name of a kind of element; nothing is fetched by it


@cache
def tree(code: str, *, module: bool) -> Node:
    """The syntax tree of a text, as plain data."""
    parsed = (esprima.parseModule if module else esprima.parseScript)(code)
    found: Node = esprima.toDict(parsed)
    return found


def nodes(node: Any) -> Iterator[Node]:
    """Every node of a tree."""
    if isinstance(node, list):
        for one in node:
            yield from nodes(one)
    elif isinstance(node, dict):
        if "type" in node:
            yield node
        for one in node.values():
            yield from nodes(one)


def source(name: str) -> str:
    """One file of the front end."""
    return (FOLDER / name).read_text(encoding="utf-8")


def top_names(program: Node) -> list[str]:
    """The names that a module declares at its top."""
    found = []
    for statement in program["body"]:
        declared = statement.get("declaration") if statement["type"] == "ExportNamedDeclaration" else statement
        if declared is None:
            continue
        if declared["type"] == "VariableDeclaration":
            found += [
                n["name"] for row in declared["declarations"] for n in nodes(row["id"]) if n["type"] == "Identifier"
            ]
        elif declared["type"] in ("FunctionDeclaration", "ClassDeclaration"):
            found.append(declared["id"]["name"])
    return found


def newer_than_es2020(program: Node) -> list[str]:
    """What in a tree an engine of 2020 would not understand."""
    found = []
    for node in nodes(program):
        kind = node["type"]
        if kind not in ES2020:
            found.append(kind)
        if kind == "AssignmentExpression" and node["operator"] in ("??=", "||=", "&&="):
            found.append(node["operator"])
        if kind == "Literal" and isinstance(node.get("raw"), str) and re.match(r"[\d.]+_", node["raw"]):
            found.append(node["raw"])
        if kind == "Literal" and "regex" in node and set(node["regex"]["flags"]) - set("gimsuy"):
            found.append(f"/{node['regex']['pattern']}/{node['regex']['flags']}")
    return found + ["await at the top" for _ in awaits_outside_functions(program)]


def awaits_outside_functions(node: Any) -> Iterator[Node]:
    """Uses of `await` that no function surrounds."""
    if isinstance(node, list):
        for one in node:
            yield from awaits_outside_functions(one)
    elif isinstance(node, dict):
        if node.get("type") in ("FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"):
            return
        if node.get("type") == "AwaitExpression" or (node.get("type") == "ForOfStatement" and node.get("await")):
            yield node
        for one in node.values():
            yield from awaits_outside_functions(one)


# --- the joined texts ------------------------------------------------------------------------------------------------


def test_every_module_with_a_default_export_is_a_root() -> None:
    """The list of this file is complete."""
    assert [name for name in MODULES if "\nexport default " in source(name)] == ROOTS


@pytest.mark.parametrize("name", ROOTS)
@pytest.mark.parametrize("classic", [False, True], ids=["module", "classic"])
def test_a_joined_root_is_es2020(name: str, classic: bool) -> None:
    """For JupyterLab as a module, for pages as a script; phones of some years ago can run both."""
    assert newer_than_es2020(tree(front.text(name, classic=classic), module=not classic)) == []


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("a ??= 1;", "??="),
        ("a ||= 1;", "||="),
        ("a &&= 1;", "&&="),
        ("class A { #x = 1; }", "Private"),
        ("class A { x = 1; }", "Definition"),
        ("class A { static { f(); } }", "Static"),
        ("await f();", "await at the top"),
        ("const a = 1_000;", "1_000"),
        ("const a = /x/d;", "/x/d"),
    ],
)
def test_newer_syntax_would_be_found(code: str, what: str) -> None:
    """The negative control of the test above: the parser accepts these, and the walk refuses them."""
    found = newer_than_es2020(tree(code, module=True))
    assert [one for one in found if what in one], found


@pytest.mark.parametrize("name", ROOTS)
def test_a_joined_module_imports_nothing_and_exports_its_default(name: str) -> None:
    """JupyterLab loads it as a lone text, and calls `render` of its default export."""
    program = tree(front.text(name), module=True)
    kinds = [statement["type"] for statement in program["body"]]
    assert "ImportDeclaration" not in kinds
    assert kinds.count("ExportDefaultDeclaration") == 1
    assert not [node for node in nodes(program) if node["type"] in ("ImportExpression", "Import")]


@pytest.mark.parametrize("name", ROOTS)
def test_a_classic_text_leaves_one_name_in_the_page(name: str) -> None:
    """Everything stands in one function; the default export becomes `safekeeping`."""
    program = tree(front.text(name, classic=True), module=False)
    assert [statement["type"] for statement in program["body"]] == ["ExpressionStatement"]
    assert front.text(name, classic=True).count("globalThis.safekeeping =") == 1


@pytest.mark.parametrize("name", ROOTS)
def test_each_file_is_joined_once_before_what_uses_it(name: str) -> None:
    """However many files import it."""
    joined = front.text(name, classic=True)
    wanted = {name}
    while True:
        more = wanted | {found for one in wanted for found in re.findall(r'from "\./(\w+\.js)";', source(one))}
        if more == wanted:
            break
        wanted = more
    declared = top_names({"body": body_of(joined)})
    for one in MODULES:
        names = top_names(tree(source(one), module=True))
        assert [declared.count(each) for each in names] == [int(one in wanted)] * len(names), one


def body_of(joined: str) -> list[Node]:
    """The statements inside the one function of a text for pages."""
    (statement,) = tree(joined, module=False)["body"]
    found: list[Node] = statement["expression"]["callee"]["body"]["body"]
    return found


@pytest.mark.parametrize("name", ROOTS)
def test_a_text_for_pages_says_the_same_without_comments(name: str) -> None:
    """It is smaller, and every statement is still there: nothing inside a text or a pattern was taken for a comment."""

    def bare(node: Any) -> Any:
        if isinstance(node, list):
            return [bare(one) for one in node]
        if not isinstance(node, dict):
            return node
        return {key: bare(one) for key, one in node.items() if key not in ("range", "loc", "comments", "sourceType")}

    module = [one for one in tree(front.text(name), module=True)["body"] if one["type"] != "ExportDefaultDeclaration"]
    module = [one["declaration"] if one["type"] == "ExportNamedDeclaration" else one for one in module]
    assert bare(body_of(front.text(name, classic=True))[:-1]) == bare(module)


def test_names_at_the_top_are_unique_across_all_files() -> None:
    """The joiner puts every file into one scope."""
    names = [(name, one) for name in MODULES for one in top_names(tree(source(name), module=True))]
    every = [one for _, one in names]
    assert [(name, one) for name, one in names if every.count(one) > 1] == []


def test_every_import_names_an_export_that_exists() -> None:
    """A misspelt import would be undefined only when it is used."""
    for name in MODULES:
        for found in re.finditer(r'^import \{ ([\w, ]+) \} from "\./(\w+\.js)";$', source(name), re.M):
            program = tree(source(found[2]), module=True)
            exported = {
                one
                for statement in program["body"]
                if statement["type"] == "ExportNamedDeclaration"
                for one in top_names({"body": [statement]})
            }
            assert set(found[1].split(", ")) <= exported, (name, found[2])


# --- the joiner ------------------------------------------------------------------------------------------------------


@pytest.fixture
def join(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Join small files of one's own: ``join(classic, root, **others)``."""
    monkeypatch.setattr(front, "_FOLDER", tmp_path)

    def joined(classic: bool, root: str, **others: str) -> str:
        front.text.cache_clear()
        for name, code in {"root": root, **others}.items():
            (tmp_path / f"{name}.js").write_text(code, encoding="utf-8")
        return front.text("root.js", classic=classic)

    yield joined
    front.text.cache_clear()


def test_plain_modules_are_joined(join: Any) -> None:
    """As a module and as a script."""
    root = 'import { a, b } from "./one.js";\nexport const c = a + b;\nexport default { c };\n'
    one = 'import { b } from "./two.js";\nexport const a = 1;\nexport { a as unused } from "./two.js";\n'
    two = "export function b() {}\nexport default { b };\n"
    one = one.splitlines()[0] + "\nexport const a = 1;\n"
    assert join(False, root, one=one, two=two) == (
        "function b() {}\nconst a = 1;\nexport const c = a + b;\nexport default { c };\n"
    )
    assert join(True, root, one=one, two=two) == (
        "(() => {\nfunction b() {}\nconst a = 1;\nconst c = a + b;\nglobalThis.safekeeping = { c };\n})();\n"
    )


def test_a_text_that_speaks_of_exports_is_left_as_it_is(join: Any) -> None:
    """Only a line that begins with the word is one."""
    line = 'const say = "export const x";'
    assert line in join(True, f"{line}\nexport default {{ say }};\n")


def test_files_that_import_each_other_are_joined_once(join: Any) -> None:
    """A circle of functions is fine."""
    root = 'import { a } from "./one.js";\nexport function b() {}\nexport default { a };\n'
    one = 'import { b } from "./root.js";\nexport function a() {}\n'
    assert join(True, root, one=one).count("function b") == 1


IMPORTS = [
    'import a from "./one.js";',
    'import * as a from "./one.js";',
    'import "./one.js";',
    'import { a as b } from "./one.js";',
    "import { a } from './one.js';",
    'import { a } from "./one.js"',
    'import { a } from "../one.js";',
    'import { a } from "./sub/one.js";',
    'import { a } from "one.js";',
    'import { a } from "https://example.invalid/one.js";',
    'import {a} from "./one.js";',
    'import { a, } from "./one.js";',
    'import {\n  a,\n} from "./one.js";',
    '  import { a } from "./one.js";',
    'import a, { b } from "./one.js";',
]
EXPORTS = [
    "export { a };",
    "export { a as b };",
    'export * from "./one.js";',
    'export { a } from "./one.js";',
    "export let a = 1;",
    "export var a = 1;",
    "export default function a() {\n}",
    "export default class {\n}",
    "export default {\n  a,\n};",
]


@pytest.mark.parametrize("line", IMPORTS)
@pytest.mark.parametrize("classic", [False, True], ids=["module", "classic"])
@pytest.mark.parametrize("where", ["root", "one"])
def test_every_other_form_of_import_is_refused(join: Any, line: str, classic: bool, where: str) -> None:
    """One plain form is joined; anything else would be lost, or left in a text that cannot load it."""
    root, one = 'import { x } from "./one.js";\nexport default { x };\n', "export const x = 1;\n"
    with pytest.raises(ValueError, match="has a form that is not joined"):
        join(classic, root if where == "one" else f"{line}\n{root}", one=one if where == "root" else f"{line}\n{one}")


@pytest.mark.parametrize("line", EXPORTS)
@pytest.mark.parametrize("classic", [False, True], ids=["module", "classic"])
def test_every_other_form_of_export_is_refused_in_a_file_that_is_imported(join: Any, line: str, classic: bool) -> None:
    """In the joined text it would be a slip of syntax, or a second default."""
    root = 'import { x } from "./one.js";\nexport default { x };\n'
    with pytest.raises(ValueError, match="has a form that is not joined"):
        join(classic, root, one=f"const a = 1;\n{line}\nexport const x = 1;\n")


@pytest.mark.parametrize("line", EXPORTS)
def test_every_other_form_of_export_is_refused_in_a_script_for_pages(join: Any, line: str) -> None:
    """A script knows no exports."""
    with pytest.raises(ValueError, match="has a form that is not joined"):
        join(True, f"const a = 1;\n{line}\nexport default {{ a }};\n")


# --- what a module may do --------------------------------------------------------------------------------------------


def names_used(program: Node) -> Iterator[str]:
    """Every name that a module speaks: variables, properties, and properties in brackets."""
    for node in nodes(program):
        if node["type"] == "Identifier":
            yield node["name"]
        if node["type"] == "MemberExpression" and node["computed"] and isinstance(node["property"].get("value"), str):
            yield node["property"]["value"]


def texts_in(program: Node) -> Iterator[str]:
    """Every text in a module: quoted, or a part of a template."""
    for node in nodes(program):
        if node["type"] == "Literal" and isinstance(node.get("value"), str) and "regex" not in node:
            yield node["value"]
        if node["type"] == "TemplateElement":
            yield node["value"]["cooked"] or ""


@pytest.mark.parametrize("name", MODULES)
def test_text_never_becomes_markup_or_code_and_nothing_leaves_the_page(name: str) -> None:
    """No markup from text, no evaluation, no request, no storage but the learner's own record."""
    program = tree(source(name), module=True)
    assert FORBIDDEN & set(names_used(program)) == KEEPS.get(name, set())
    assert [text for text in texts_in(program) if "http" in text.lower() and text != NAMESPACE] == []
    assert [text for text in texts_in(program) if text.lower().startswith(("javascript:", "data:", "blob:"))] == []
    assert not [node for node in nodes(program) if node["type"] in ("ImportExpression", "Import")]


@pytest.mark.parametrize("name", MODULES)
def test_no_function_is_used_that_an_older_engine_lacks(name: str) -> None:
    """Syntax is one thing, functions are another."""
    called = {
        node["callee"]["property"]["name"]
        if node["callee"]["type"] == "MemberExpression"
        else node["callee"].get("name")
        for node in nodes(tree(source(name), module=True))
        if node["type"] == "CallExpression"
        and (node["callee"]["type"] != "MemberExpression" or "name" in node["callee"]["property"])
    }
    assert NEWER & called == set()


@pytest.mark.parametrize("name", MODULES)
def test_a_module_can_stand_inside_a_page(name: str) -> None:
    """No text in it closes the script element or opens a comment there."""
    assert "</script" not in source(name).lower()
    assert "<!--" not in source(name)


@pytest.mark.parametrize("name", MODULES)
def test_no_word_for_a_reader_stands_in_a_script(name: str) -> None:
    """Words come from content: two words and a capital in a text would be a sentence."""
    program = tree(source(name), module=True)
    spoken = re.compile(r"^[A-Z][a-z]+ [a-z]+ ")
    assert [text for text in texts_in(program) if spoken.match(text)] == []


def test_styles_fetch_nothing() -> None:
    """No import, no font, no picture from anywhere."""
    for path in FOLDER.glob("*.css"):
        style = path.read_text(encoding="utf-8")
        assert not re.search(r"@import|@font-face|url\(|https?:", style), path.name
        assert "</style" not in style.lower()


# --- words -----------------------------------------------------------------------------------------------------------


def keys_asked(node: Any) -> Iterator[str]:
    """The keys that an expression can give: a text, both sides of a choice; of a template a pattern."""
    if node["type"] == "Literal" and isinstance(node["value"], str):
        yield node["value"]
    elif node["type"] in ("ConditionalExpression", "LogicalExpression"):
        for side in ("consequent", "alternate", "left", "right"):
            if side in node:
                yield from keys_asked(node[side])
    elif node["type"] == "TemplateLiteral":
        yield "*".join(quasi["value"]["cooked"] for quasi in node["quasis"])


def words_said() -> dict[str, str]:
    """Every word that a script may show, by the key that it asks for."""
    library = Library()
    own = {f"{table}.{key}": text for table in TABLES for key, text in library.words(table).items()}
    return library.words("front") | own


def words_asked() -> set[str]:
    """Every key of a word that the scripts ask for directly: `w("key")`, `siteWord("key")`, `words["key"]`."""
    found: set[str] = set()
    for name in MODULES:
        for node in nodes(tree(source(name), module=True)):
            if node["type"] == "CallExpression" and node["arguments"]:
                callee = node["callee"]
                if {"w", "siteWord", "tell"} & {callee.get("name"), callee.get("property", {}).get("name")}:
                    found |= set(keys_asked(node["arguments"][0]))
            if node["type"] == "MemberExpression" and node["object"].get("name") == "words" and node["computed"]:
                found |= set(keys_asked(node["property"]))
    return found - {""}  # nothing to say


def test_every_word_that_a_script_asks_for_exists() -> None:
    """A missing word would be an empty button."""
    have = set(words_said())
    asked = words_asked()
    assert len(asked) > 50, "the walk finds what the scripts ask for"
    assert [key for key in sorted(asked) if not fnmatch.filter(have, key)] == []


def test_every_word_of_the_front_end_is_used() -> None:
    """A word that nobody shows is a word that translators would do for nothing."""
    texts = {text for name in MODULES for text in texts_in(tree(source(name), module=True))}
    patterns = [key for key in words_asked() if "*" in key]
    assert not {"*", *(f"{table}.*" for table in TABLES)} & set(patterns), "a pattern for everything would find nothing"
    words = words_said()
    assert [key for key in words if key not in texts and not any(fnmatch.fnmatch(key, one) for one in patterns)] == []


def test_the_blanks_of_each_word_are_the_ones_that_scripts_fill() -> None:
    """A blank under another name would read "undefined"."""
    words = words_said()
    filled = {
        name
        for module in MODULES
        for node in nodes(tree(source(module), module=True))
        if node["type"] == "Property" and "name" in node["key"]
        for name in [node["key"]["name"]]
    }
    blanks = {blank for text in words.values() for blank in re.findall(r"\{(\w+)\}", text)}
    assert blanks <= filled
    assert not [key for key, text in words.items() if re.search(r"[{}]", re.sub(r"\{\w+\}", "", text))]


@pytest.mark.browser
def test_styles_lose_comments_and_idle_spaces_and_nothing_else(chromium: Browser) -> None:
    """A browser reads the same rules from the short text as from the files."""
    names = sorted(path.name for path in FOLDER.glob("*.css"))
    files = "".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
    short = front.style(*names)
    assert "/*" not in short and len(short) < 0.9 * len(files)
    page = chromium.new_page()
    rules = """text => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return [...sheet.cssRules].map((rule) => rule.cssText.replace(/\\s+/g, " "));
    }"""
    read, wanted = page.evaluate(rules, short), page.evaluate(rules, files)
    page.close()
    assert len(wanted) > 100
    read, wanted = ([re.sub(" ?([,:]) ?", r"\1", rule) for rule in rules] for rules in (read, wanted))
    assert read == wanted
