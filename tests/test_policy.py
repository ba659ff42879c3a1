"""The policy of what we publish: our own scripts and styles by hash, and nothing else."""

from __future__ import annotations

import json
import re

import pytest

from html_reader import policy_of, sha
from safekeeping.publish import policy

HEAD = f'<meta http-equiv="Content-Security-Policy" content="{policy.MARK}">'


def test_a_sealed_page_allows_its_own_scripts_and_styles_and_nothing_else() -> None:
    """By hash; data blocks are no scripts."""
    html = f'{HEAD}<style id="a">b{{}}</style><script>f("é")</script><script type="application/json">{{}}</script>'
    rules = policy_of(policy.sealed(html))
    assert rules == {
        "default-src": "'none'",
        "script-src": sha('f("é")'),
        "style-src": sha("b{}"),
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_a_page_without_scripts_or_styles_allows_none() -> None:
    """Nothing is open by default."""
    rules = policy_of(policy.sealed(f"{HEAD}<p>x</p>"))
    assert (rules["script-src"], rules["style-src"]) == ("'none'", "'none'")
    assert "img-src" not in rules


def test_pictures_are_allowed_only_inside_the_file() -> None:
    """And only if there are any."""
    assert policy_of(policy.sealed(f'{HEAD}<img src="data:x">'))["img-src"] == "data:"


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color:red">',
        "<p class=a STYLE='x'>",
        "<p\nstyle=x>",
        '<p onclick="f()">',
        "<svg onload=f()>",
        "<p OnMouseOver = f()>",
        "<svg/onload=f()>",
        '<a href="javascript:f()">x</a>',
        '<script src="x.js"></script>',
        '<script type="module">f()</script>',
    ],
)
def test_what_the_policy_would_block_is_refused_when_the_page_is_made(bad: str) -> None:
    """A style or event attribute, a script from elsewhere: a fault of ours, found before a reader meets it."""
    with pytest.raises(ValueError, match=r"would not allow|no place for the policy"):
        policy.sealed(f"{HEAD}<script>ok()</script>{bad}")


def test_text_that_only_speaks_of_styles_is_no_attribute() -> None:
    """Escaped, it is text; and scripts and styles may contain anything."""
    style, script = "<style>p::after{content:'<p style=x>'}</style>", "<script>'<p onclick=x>'</script>"
    prose = '<p title="&lt;p style=x onclick=y" aria-label="carry on = go on">&lt;p style="x"&gt; on a=b</p>'
    assert policy_of(policy.sealed(f"{HEAD}{style}{prose}{script}"))


def test_a_page_without_a_place_for_its_policy_is_refused() -> None:
    """A page is never unsealed by mistake."""
    with pytest.raises(ValueError, match="no place for the policy"):
        policy.sealed("<p>x</p>")


@pytest.mark.parametrize("text", ["</script>", "</SCRIPT >", "<!-- x", "<!--<script>", "a</scriptb"])
def test_nothing_in_a_script_or_a_data_block_can_close_it(text: str) -> None:
    """And its meaning stays the same: in a text of JavaScript the backslash changes nothing."""
    assert not re.search(r"</script|<!--", policy.inline(f'x = "{text}"'), re.I)
    block = policy.data(json.dumps({"a": text + "\u2028\u2029"}))
    assert "<" not in block and "\u2028" not in block and "\u2029" not in block
    assert json.loads(block) == {"a": text + "\u2028\u2029"}
