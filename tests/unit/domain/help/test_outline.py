"""An article's HTML on a page: headings to point at, and nothing that was not allowed before."""

from __future__ import annotations

from domain.help.outline import Entry, shaped

LONG = "<h1>Before</h1><p>x</p><h2>A &amp; <em>b</em></h2><h3>Deep</h3><h2 id='own'>Own</h2><h1>Before</h1>"


def test_headings_begin_below_the_title_and_have_anchors() -> None:
    made = shaped(LONG)
    assert '<h2 id="before">Before</h2>' in made.html
    assert '<h3 id="a-b">A &amp; <em>b</em></h3>' in made.html
    expected = [Entry("before", "Before", 2), Entry("a-b", "A & b", 3), Entry("own", "Own", 3), Entry("before-2", "Before", 2)]
    assert expected == list(made.entries)


def test_a_short_article_has_no_list() -> None:
    assert () == shaped("<h2>One</h2><h2>Two</h2>").entries


def test_the_pages_own_names_are_not_taken() -> None:
    made = shaped('<p id="hc-vote">x</p><h2>Hc vote</h2>')
    assert '<p>x</p><h2 id="vote-2">Hc vote</h2>' == made.html


def test_headings_without_letters_of_ours_have_anchors_too() -> None:
    assert ["part", "part-2", "part-3"] == [one.anchor for one in shaped("<h2>مساعدة</h2><h2>返品</h2><h2>!</h2>").entries]


def test_whatever_is_in_the_database_is_sanitised() -> None:
    made = shaped('<h2 onclick="x()"><img src=x onerror=x()>a</h2><script>x()</script><a href="javascript:x()">b</a>')
    for part in ("onclick", "onerror", "<script", "javascript:"):
        assert part not in made.html


def test_what_is_wide_moves_by_itself() -> None:
    assert '<div class="wide" tabindex="0"><table>' in shaped("<table><tr><td>c</td></tr></table>").html
