"""The brand's colours as pages may use them: always to be read."""

from __future__ import annotations

import pytest

from gateway.help_pages import colours

BRANDS = ("000", "fff", "f00", "0099ff", "65758e", "ffd400", "1f4d3f", "808080")


@pytest.mark.parametrize("brand", BRANDS)
def test_what_stands_on_the_brand_and_on_the_page_can_be_read(brand: str) -> None:
    told = dict(one.split(":") for one in colours.properties(brand).partition("}")[0].removeprefix(":root{").split(";"))
    values = {name: colours.rgb(value.removeprefix("#")) for name, value in told.items() if value}
    assert colours.contrast(values["--on-brand"], values["--brand"]) >= 4.5
    assert colours.contrast(values["--on-brand"], values["--deep"]) >= 4.5
    assert colours.contrast(values["--link"], (246, 247, 249)) >= 4.5
    assert colours.contrast(values["--link"], values["--tint"]) >= 4.0


@pytest.mark.parametrize("brand", BRANDS)
def test_links_in_the_dark(brand: str) -> None:
    dark = colours.properties(brand).partition("--link:")[2].partition("--link:#")[2][:6]
    assert colours.contrast(colours.rgb(dark), (27, 31, 41)) >= 6.5


def test_nothing_but_colours_comes_into_the_page() -> None:
    assert set(colours.properties("0af")) <= set("@:(){};-# .abcdefghijklmnopqrstuvwxyz0123456789")
