"""Passwords as they are kept: argon2id hashes. Each call takes tens of milliseconds of a processor: use a thread in a server."""

from __future__ import annotations

import argon2

_hasher = argon2.PasswordHasher()

#: What a login for an unknown address is compared with, so that it takes as long as one for a known address. Made once and for all:
#: to make it took a tenth of a command's time.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$el7b0ugIBTPxeTzgOYFlFQ$E2lp3RHIUkDbl1IQdvJslz0w/DxFOYna2FN8gQc3vWU"


def hash_password(password: str) -> str:
    """A salted hash in argon2's own notation."""
    return _hasher.hash(password)


def is_password(password_hash: str, password: str) -> bool:
    """Whether `password` is the one that was hashed."""
    try:
        return _hasher.verify(password_hash, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
