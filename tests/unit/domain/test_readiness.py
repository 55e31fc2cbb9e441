"""What an app still needs."""

from __future__ import annotations

from domain.readiness import ARTICLES, CHECKS, Facts, findings


def test_what_nobody_can_tell_is_not_said() -> None:
    assert ["public_url"] == [one.code for one in findings(Facts())]


def test_each_check_is_met_or_says_how_to_mend_it() -> None:
    nothing = Facts(0, 0, "none", 0, 0, 0, 0, None)
    everything = Facts(1, 1, "public", ARTICLES, 1, 1, 1, "https://shop.example")
    assert [(check.code, False, check.mend) for check in CHECKS] == [(one.code, one.met, one.mend) for one in findings(nothing)]
    assert [(check.code, True, None) for check in CHECKS] == [(one.code, one.met, one.mend) for one in findings(everything)]
    assert ["public_help_centre", "articles"] == [
        one.code for one in findings(Facts(1, 1, "restricted", ARTICLES - 1, 1, 1, 1, "https://x")) if not one.met
    ]
