"""The content policy of what we publish: nothing is fetched, nothing is sent, only our own hashed scripts run."""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.S)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.S)
MARK = "SAFEKEEPING-POLICY"  # stands in a template where the policy goes, since its hashes are known only afterwards


def inline(code: str) -> str:
    """A script made safe to stand inside a page: no text in it can close the element or open a comment."""
    return re.sub(r"</(?=script)", r"<\\/", code, flags=re.I).replace("<!--", r"<\!--")


def data(text: str) -> str:
    """JSON made safe to stand inside a page."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def sealed(html: str) -> str:
    """The page with its policy filled in: every script and style that it holds, by sha256, and nothing else.

    Raises
    ------
    ValueError : the page has a ``style`` attribute, an event attribute, or no place for the policy.
    """
    bare = _STYLE.sub("", re.sub(r"<script\b.*?</script>", "", html, flags=re.S))
    odd = re.search(r"<[^>]*\s(style|on\w+)\s*=", bare)
    if odd or MARK not in html:
        raise ValueError(f"the page cannot be sealed: {odd[0][:80] if odd else 'no place for the policy'}")
    scripts = " ".join(_hash(code) for code in _SCRIPT.findall(html)) or "'none'"
    styles = " ".join(_hash(code) for code in _STYLE.findall(html)) or "'none'"
    images = " img-src data:;" if "<img" in bare else ""
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src {styles};{images} "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )
    return html.replace(MARK, escape(policy, quote=True), 1)


def _hash(code: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() + "'"
