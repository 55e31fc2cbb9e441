"""What the documentation says of the code is so: generated pages are current, figures and names are those of the code."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pytest

from causerie import reference
from domain.errors import HTTP_STATUS
from gateway.limits import Limits

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
PACKAGES = ("actors", "causerie", "domain", "gateway", "storage")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_generated_page_is_what_the_code_says(name: str) -> None:
    """If this fails, run `python -m causerie.reference`."""
    is_current = reference.PAGES[name]() == (ROOT / name).read_text()
    assert is_current  # without a comparison of ten thousand lines


def test_every_code_has_a_meaning() -> None:
    assert list(HTTP_STATUS) == list(reference.MEANINGS)


# Limits.

LIMIT = re.compile(r"^\| (?P<what>.+?) \| (?P<value>[\d,.]+)[^|]* \| `(?P<constant>[\w.]+)` \|$", re.MULTILINE)
LIMITS = [found.groups() for found in LIMIT.finditer((DOCS / "reference" / "limits.md").read_text())]


def constant(path: str) -> float:
    """The number under a dotted name: a module's constant, a default, a key of a table, a bound of a type, a bucket's size."""
    if path.startswith("gateway.limits.Limits."):
        bucket, part = path.split(".")[3:]
        return float(getattr(getattr(Limits(), bucket), f"_{part}"))
    parts = path.split(".")
    cut = next(n for n in range(len(parts), 0, -1) if (ROOT / Path(*parts[:n])).with_suffix(".py").is_file())
    value: Any = importlib.import_module(".".join(parts[:cut]))
    for part in parts[cut:]:
        value = _part(value, part)
    return float(value)


def _part(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value[name]
    if get_origin(value) is Annotated:
        return next(getattr(meta, name) for meta in get_args(value)[1:] if getattr(meta, name, None) is not None)
    if isinstance(value, type) and issubclass(value, msgspec.Struct):
        return next(field.default for field in msgspec.structs.fields(value) if field.name == name)
    return getattr(value, name)


@pytest.mark.parametrize(("what", "value", "path"), LIMITS, ids=[path for *_, path in LIMITS])
def test_a_limit_is_that_of_the_code(what: str, value: str, path: str) -> None:
    assert constant(path) == float(value.replace(",", "")), what


def test_all_lines_of_limits_are_looked_at() -> None:
    lines = [line for line in (DOCS / "reference" / "limits.md").read_text().splitlines() if line.startswith("| ") and "`" in line]
    assert len(lines) == len(LIMITS) > 50


# Names of the code.

NAME = re.compile(rf"`((?!causerie\.db)(?:{'|'.join(PACKAGES)})(?:\.\w+)+)`")
FILE = re.compile(rf"`((?:{'|'.join(PACKAGES)}|tests|docs|benchmarks)/[\w/.-]*)`")
NAMES = sorted({(name, named(page)) for page in PAGES for name in NAME.findall(page.read_text()) if "limits.md" not in named(page)})
FILES = sorted({(name, named(page)) for page in PAGES for name in FILE.findall(page.read_text())})


def defined(path: str) -> bool:
    """Whether a dotted name is a module's class, function or method. Read, not imported: some modules take long."""
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        file = (ROOT / Path(*parts[:cut])).with_suffix(".py")
        if file.is_file():
            return _holds(ast.parse(file.read_text()).body, parts[cut:])
    return (ROOT / Path(*parts)).is_dir()


def _holds(body: list[ast.stmt], path: list[str]) -> bool:
    if not path:
        return True
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name == path[0]:
            return _holds(node.body, path[1:])
    return False


@pytest.mark.parametrize(("name", "page"), NAMES, ids=[name for name, _ in NAMES])
def test_a_function_that_a_page_names_is_there(name: str, page: str) -> None:
    assert defined(name), page


@pytest.mark.parametrize(("name", "page"), FILES, ids=[name for name, _ in FILES])
def test_a_file_that_a_page_names_is_there(name: str, page: str) -> None:
    assert (ROOT / name).exists() or name in ("gateway/channels/", "gateway/pages/built/"), page  # planned; made by `make web`


def test_the_way_of_a_message_is_told_by_its_functions() -> None:
    assert len([page for _, page in NAMES if page.endswith("follow-one-message.md")]) > 40


def test_what_is_not_there_is_seen() -> None:
    assert not defined("actors.host.Host.take_over")
    assert not defined("actors.hots.Host")


# Links between pages.

LINK = re.compile(r"\]\((?!https?://)([^)#]*)(#[^)]*)?\)")
LINKS = sorted({(named(page), *found) for page in PAGES for found in LINK.findall(page.read_text())})


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {"#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("page", "target", "anchor"), LINKS)
def test_a_link_leads_somewhere(page: str, target: str, anchor: str) -> None:
    file = (ROOT / page).parent / target if target else ROOT / page
    assert file.exists()
    assert not anchor or anchor in anchors(file)


@pytest.mark.parametrize("folder", ["how-to", "reference", "tutorial", "explanation"])
def test_the_index_names_every_page(folder: str) -> None:
    index = (DOCS / "README.md").read_text()
    assert [] == [page.name for page in (DOCS / folder).glob("*.*") if f"({folder}/{page.name})" not in index]


def test_the_list_of_decisions_is_whole() -> None:
    index = (DOCS / "decisions" / "README.md").read_text()
    assert [] == [page.name for page in (DOCS / "decisions").glob("0*.md") if f"({page.name})" not in index]


@pytest.mark.parametrize("page", sorted(DOCS.glob("decisions/0*.md")), ids=lambda page: page.stem)
def test_a_decision_has_its_three_parts_and_one_page(page: Path) -> None:
    text = page.read_text()
    assert ["Context", "Decision", "Consequences"] == re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert len(text.split()) < 500
