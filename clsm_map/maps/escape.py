"""The one place where text that comes from data is made safe for a script, a page, or Markdown.

A map's payload is sent as JavaScript source, evaluated in the map's frame, and passes through a
template engine on its way. A name such as ``</script>``, ``${…}`` or ``{{ … }}`` must stay a name
in all three.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_MARKDOWN: Final = re.compile(r"[\\`*_\[\]<>#~$|&]|:(?=\w)")
_ADDRESS: Final = re.compile(r":(?=//)|www(?=\.)", re.IGNORECASE)
_WORD_JOINER: Final = "\u2060"
_UNSAFE: Final = re.compile("[<>&'`${}%\u2028\u2029]")
_HTML: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
    "`": "&#96;",
    "$": "&#36;",
    "{": "&#123;",
    "}": "&#125;",
}


def _escape_character(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def _escape_string(match: re.Match[str]) -> str:
    return _UNSAFE.sub(_escape_character, match.group())


def script_json(value: Any) -> str:
    r"""Write a value as JSON that is safe inside a script, an HTML page and a template.

    ``value``: what `json.dumps` accepts; ``nan`` and infinities are refused.

    Gives compact JSON on one line. Inside its strings the characters that could close a tag, open a
    template literal or a template expression are written ``\uXXXX``.

    Raises `ValueError`: A number is not finite.

    Examples
    --------
    >>> script_json({"n": "</script>${1}"})
    '{"n":"\\u003c/script\\u003e\\u0024\\u007b1\\u007d"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _STRING.sub(_escape_string, text)


def html_text(text: str) -> str:
    """Write a text for an HTML page, an attribute, or a template literal.

    Gives the same text to a reader, with no character left that means something to the machine.

    Examples
    --------
    >>> html_text("L'Île & `${x}`")
    'L&#39;Île &amp; &#96;&#36;&#123;x&#125;&#96;'
    """
    return "".join(_HTML.get(character, character) for character in text)


def markdown_text(text: str) -> str:
    r"""Write a text where Streamlit reads Markdown: a message, a caption, a label.

    Gives the same text to a reader, on one line: no image is fetched, nothing becomes a link, a
    title, a formula or an icon.

    Examples
    --------
    >>> markdown_text("*a* ![b](c) :d:")
    '\\*a\\* !\\[b\\](c) \\:d:'
    >>> markdown_text("Agde : 3 QPV (2024)")
    'Agde : 3 QPV (2024)'
    """
    plain = _ADDRESS.sub(lambda found: found.group() + _WORD_JOINER, " ".join(text.split("\n")))
    return _MARKDOWN.sub(lambda found: "\\" + found.group(), plain)
