"""What a login for an unknown address is compared with."""

from __future__ import annotations

import argon2

from storage.passwords import NOBODY


def test_it_takes_as_long_as_a_password_that_is_hashed_now() -> None:
    """By the same parameters: nobody can tell by the clock which addresses are known."""
    now = argon2.PasswordHasher()
    assert not now.check_needs_rehash(NOBODY)
    parameters = argon2.extract_parameters(NOBODY)
    assert (now.hash_len, now.salt_len) == (parameters.hash_len, parameters.salt_len)
