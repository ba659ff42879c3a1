"""The content policy of what we publish: nothing is fetched, nothing is sent, only our own hashed scripts run."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection
from html import escape
from html.parser import HTMLParser

from ..faults import SafekeepingError

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.S)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.S)
LINKS = r"(https?://|tel:|mailto:|#)"  # where a link may lead; nothing is fetched from there by the page itself
# A file of ours in the same folder or just below it, such as documents/handbook.pdf.
_OURS = re.compile(r"(?:[a-z0-9-]+/)?[a-z0-9-]+\.(?:html|pdf|pptx|csv|json)(?:#[a-z0-9-]+)?$", re.I)
_LINK = re.compile(rf"{LINKS}|about:blank$", re.I)
_JSON = ("type", "application/json")
MARK = "SAFEKEEPING-POLICY"  # stands in a template where the policy goes, since its hashes are known only afterwards


def inline(code: str) -> str:
    """A script made safe to stand inside a page: no text in it can close the element or open a comment."""
    return re.sub(r"</(?=script)", r"<\\/", code, flags=re.I).replace("<!--", r"<\!--")


def data(text: str) -> str:
    """JSON made safe to stand inside a page."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


class PolicyError(SafekeepingError, ValueError):
    """A page that its own policy would break, or that has no place for one."""


class _Inspector(HTMLParser):
    """Finds in a page what its policy would block or must not allow, and collects what the policy has to name."""

    def __init__(self, own: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.own = own
        self.odd: list[str] = []
        self.images = False

    def updatepos(self, i: int, j: int) -> int:
        """The parser's account of lines, which costs a tenth of its time and which nobody reads."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element: no inline style or event, no address but https, tel, mailto, the page itself and its site."""
        for name, value in attrs:
            wrong = name == "href" and not self._leads(value or "")
            fetched = name in ("src", "srcset", "poster", "data", "action", "formaction")
            wrong |= fetched and not (value or "").startswith("data:")
            if wrong or name == "style" or name.startswith("on"):
                self.odd.append(f"<{tag} {name}={value!r:.60}>")
        if tag == "script" and [name for name, value in attrs if (name, value) != _JSON and name != "id"]:
            self.odd.append("a <script> that is neither ours nor data")
        if tag in ("iframe", "object", "embed", "base", "form", "link"):
            self.odd.append(f"<{tag}>")
        self.images |= tag == "img"

    def _leads(self, to: str) -> bool:
        """Whether a link may lead there: to the web, into the page, or to a file that is known to be there."""
        file = to.partition("#")[0] in self.own if self.own else _OURS.match(to)
        return bool(file or _LINK.match(to))


def sealed(html: str, own: Collection[str] = ()) -> str:
    """The page with its policy filled in: every script and style that it holds, by sha256, and nothing else.

    Parameters
    ----------
    own : names of the files in the page's own folder to which it may link; without any, every plain file name passes.

    Raises
    ------
    PolicyError : the page holds something that the policy would block (a ``style`` or event attribute, an outside
        script, a frame), a link to a file that is not there, or has no place for the policy.
    """
    page = _Inspector(own)
    page.feed(html)
    page.close()
    if page.odd or MARK not in html:
        odd = page.odd[0] if page.odd else "no place for the policy"
        raise PolicyError(f"The page was not written: its own policy would not allow {odd}.")
    scripts = " ".join(_hash(code) for code in _SCRIPT.findall(html)) or "'none'"
    styles = " ".join(_hash(code) for code in _STYLE.findall(html)) or "'none'"
    images = " img-src data:;" if page.images else ""
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src {styles};{images} "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )
    return html.replace(MARK, escape(policy, quote=True), 1)


def _hash(code: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() + "'"
