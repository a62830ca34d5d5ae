"""Passwords and tokens: just enough of each to prove who can still get in."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

LIFETIME = timedelta(hours=1)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_COST = 2**4  # these people don't exist: the hash need not be slow


def hash_password(password: str) -> str:
    salt = secrets.token_hex(8)
    return f"$scrypt${salt}${_derive(password, salt)}"


def password_matches(password: str, stored: str | None) -> bool:
    if not stored or stored.count("$") != 3:
        return False
    _, _, salt, expected = stored.split("$")
    return secrets.compare_digest(_derive(password, salt), expected)


def _derive(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode(), salt=salt.encode(), n=_COST, r=8, p=1).hex()


def refresh_token() -> str:
    """The vendor's older form: twelve lower-case letters and digits."""
    return secrets.token_hex(6)


class Signer:
    """Access tokens signed with ES256; the key follows from the seed, so every worker has it."""

    def __init__(self, seed: str, issuer: str) -> None:
        number = int.from_bytes(hashlib.sha256(seed.encode()).digest()) % (_ORDER - 1) + 1
        self._key = ec.derive_private_key(number, ec.SECP256R1())
        self._kid = hashlib.sha256(b"kid" + seed.encode()).hexdigest()[:16]
        self._issuer = issuer

    def issue(self, user: dict[str, Any], session_id: str, now: datetime) -> str:
        claims = {
            "iss": self._issuer,
            "sub": str(user["id"]),
            "aud": user["aud"],
            "role": user["role"],
            "email": user["email"] or "",
            "phone": user["phone"] or "",
            "session_id": session_id,
            "aal": "aal1",
            "amr": [{"method": "password", "timestamp": int(now.timestamp())}],
            "is_anonymous": user["is_anonymous"],
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
        }
        return jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": self._kid})

    def read(self, token: str, now: datetime) -> dict[str, Any] | None:
        """Give the claims of a token of ours that hasn't run out."""
        options = jwt.types.Options(verify_exp=False, verify_iat=False)
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=["ES256"],
                audience="authenticated",
                issuer=self._issuer,
                options=options,
            )
        except jwt.InvalidTokenError:
            return None
        return claims if claims["exp"] > now.timestamp() else None

    def key_set(self) -> dict[str, Any]:
        public = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self._kid, "alg": "ES256", "use": "sig"}]}
