"""Finding things in an answer: the few selectors that tests need, as XPath."""

import re

from lxml import html as lxml_html

_PART = re.compile(
    r"(?P<tag>[a-z0-9]+|\*)?(?:#(?P<id>[\w-]+))?(?:\.(?P<css>[\w-]+))?"
    r"(?:\[(?P<attr>[\w-]+)=(?P<value>\w+)\])?"
)


def page(response):
    assert response.status_code == 200, response.status_code
    return lxml_html.fromstring(response.content.decode())


def find(element, selector):
    """find(page, "#list tbody tr"), find(page, "input[name=pick]"), find(page, ".ts-chip")."""
    path = "."
    for part in selector.split():
        match = _PART.fullmatch(part)
        path += f"//{match['tag'] or '*'}"
        if match["id"]:
            path += f"[@id='{match['id']}']"
        if match["css"]:
            path += f"[contains(concat(' ', normalize-space(@class), ' '), ' {match['css']} ')]"
        if match["attr"]:
            path += f"[@{match['attr']}='{match['value']}']"
    return element.xpath(path)


def body(response):
    """The bytes of a file that was answered; read to its end, the test client closes it."""
    assert response.status_code == 200, response.status_code
    return b"".join(response.streaming_content)
