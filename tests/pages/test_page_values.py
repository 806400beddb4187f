"""What a page is given is what its template takes: no name is missing, none is left over."""

import sys
from collections.abc import Iterator

import pytest
from jinja2 import meta, nodes

import server.pages
from shuqiao.web.engine import environment
from shuqiao.web.page import Page

assert server.pages.STAGES  # every page of the house is known once its routes are
#: What every template is given (``shuqiao.web.engine``).
EVERYWHERE = frozenset(
    {"subject", "nav", "locale", "preferences", "here", "is_failed", "is_refused"}
)


def kinds(of: type[Page] = Page) -> Iterator[type[Page]]:
    for kind in of.__subclasses__():
        # a class with slots is made twice: the one that its module knows counts
        is_known = getattr(sys.modules[kind.__module__], kind.__name__, None) is kind
        if is_known and kind.__module__.split(".")[0] != "tests":
            yield kind
        yield from kinds(kind)


PAGES = sorted(set(kinds()), key=lambda kind: kind.__qualname__)


def parts(template: str) -> Iterator[nodes.Template]:
    """The template and all that it extends, includes and imports."""
    env, seen, waiting = environment(), set[str](), [template]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        assert env.loader is not None
        tree = env.parse(env.loader.get_source(env, name)[0])
        waiting += [each for each in meta.find_referenced_templates(tree) if each]
        yield tree


def taken(template: str) -> set[str]:
    """Names the template wants from outside; one that a part sets another may read."""
    wanted, made = set[str](), set[str]()
    for tree in parts(template):
        wanted |= meta.find_undeclared_variables(tree)
        made |= {name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param")}
        made |= {macro.name for macro in tree.find_all(nodes.Macro)}
    return wanted - made - set(environment().globals) - EVERYWHERE


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__qualname__)
def test_a_template_takes_exactly_the_fields_of_its_page(kind: type[Page]) -> None:
    fields = set(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    mentioned = {name.name for tree in parts(kind.template) for name in tree.find_all(nodes.Name)}
    assert taken(kind.template) <= fields, "the template takes what the page does not give"
    assert fields <= mentioned, "the page gives what its template never names"


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__qualname__)
def test_a_page_with_a_form_says_what_is_wrong_with_it(kind: type[Page]) -> None:
    """A route shows it again for errors of the form as a whole too: they stand in the summary."""
    if "form" not in kind.__dataclass_fields__:  # type: ignore[attr-defined]
        return
    called = {
        call.node.attr
        for tree in parts(kind.template)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Getattr)
    }
    assert "error_summary" in called
