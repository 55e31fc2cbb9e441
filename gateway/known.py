"""The JWT by which a company's own page says who its visitor is. Source: API contract, "user" scope; HS256 by an app key."""

from __future__ import annotations

from typing import Annotated, Any

import jwt
import msgspec
from msgspec import Meta

from domain.directory import Profile
from domain.errors import Refused
from gateway.lookups import Lookups


class Claims(msgspec.Struct, frozen=True):
    """Who the page says that it is. `external_id` is what counts; name and address are the profile's beginnings."""

    external_id: Annotated[str, Meta(min_length=1, max_length=1024)]
    scope: str
    name: str | None = None
    email: str | None = None
    email_verified: bool = False

    def profile(self) -> Profile:
        """What the claims say of the person, as far as it is well formed."""
        given, _, surname = (self.name or "").strip().partition(" ")
        parts = {"givenName": given[:128], "surname": surname.strip()[:128], "email": self.email or ""}
        try:
            return msgspec.convert({name: part for name, part in parts.items() if part}, Profile)
        except msgspec.ValidationError:
            return msgspec.convert({name: part for name, part in parts.items() if part and name != "email"}, Profile)


async def known_by(token: str, app_id: str, lookups: Lookups) -> Claims:
    """The claims of a JWT that a key of this app has signed. Raises `Refused` (`unauthorized`)."""
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
        key = await lookups.key(key_id) if isinstance(key_id, str) else None
        if key is None or key.app_id != app_id or key.scope != "app":
            raise _invalid()
        options: Any = {"verify_aud": False, "verify_iss": False, "verify_sub": False, "verify_jti": False, "verify_iat": False}
        claims = msgspec.convert(jwt.decode(token, key.secret, algorithms=["HS256"], options=options), Claims)
    except (jwt.PyJWTError, msgspec.ValidationError):
        raise _invalid() from None
    if claims.scope != "user":
        raise _invalid()
    return claims


def _invalid() -> Refused:
    return Refused("unauthorized", "The JWT is not valid")
