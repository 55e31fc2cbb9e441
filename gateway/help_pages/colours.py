"""Colours that people can read, made of the brand's: text on it, and it as text on the page's own ground. As the messenger does. Pure."""

from __future__ import annotations

Rgb = tuple[int, int, int]

READABLE = {"light": 4.5, "dark": 6.5}
"""What WCAG asks of small text; more in the dark, where a deep brand's colour is dull at the least that will do."""
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)
_GROUNDS = {"light": (246, 247, 249), "dark": (27, 31, 41)}
"""The darker of the two grounds on which links stand in the light, the lighter of the two in the dark."""


def properties(brand: str) -> str:
    """The style sheet's custom properties for a brand's colour, which is `0af` or `00aaff`."""
    colour = rgb(brand)
    light, dark = (readable_on(_GROUNDS[scheme], colour, READABLE[scheme]) for scheme in ("light", "dark"))
    tints = [_css(mixed(ground, colour, share)) for ground, share in ((_WHITE, 0.08), ((22, 25, 33), 0.2))]
    shared = f"--brand:{_css(colour)};--on-brand:{_css(ink_on(colour))};--deep:{_css(_deeper(colour))};"
    schemes = [f"--link:{_css(link)};--tint:{tint}" for link, tint in zip((light, dark), tints, strict=True)]
    return f":root{{{shared}{schemes[0]}}}@media(prefers-color-scheme:dark){{:root{{{schemes[1]}}}}}"


def rgb(digits: str) -> Rgb:
    full = "".join(one + one for one in digits) if len(digits) == 3 else digits
    return int(full[:2], 16), int(full[2:4], 16), int(full[4:6], 16)


def contrast(one: Rgb, other: Rgb) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(ground: Rgb) -> Rgb:
    """Black or white, whichever is easier to read."""
    return _WHITE if contrast(ground, _WHITE) >= contrast(ground, _BLACK) else _BLACK


def readable_on(ground: Rgb, colour: Rgb, least: float) -> Rgb:
    """The colour itself, or as much darker or lighter as it takes."""
    towards = ink_on(ground)
    steps = (mixed(colour, towards, step / 20) for step in range(20))
    return next((one for one in steps if contrast(one, ground) >= least), towards)


def mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _deeper(colour: Rgb) -> Rgb:
    """The other end of the brand's gradient: further from the ink on it, so that what stands there is read at both ends."""
    return mixed(colour, _BLACK if ink_on(colour) == _WHITE else _WHITE, 0.28)


def _css(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (each / 255 for each in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
