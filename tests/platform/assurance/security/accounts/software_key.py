"""A passkey in software, for tests: what a browser and an authenticator do together (WebAuthn Level 3, section 5)."""

from __future__ import annotations

import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

Flag = AuthenticatorData.FLAG


class SoftwareKey:
    """One credential for one site. `origin` is what the browser says it is on, which a phishing site cannot choose."""

    def __init__(self, origin: str = "https://testserver", site: str = "testserver") -> None:
        self.origin, self.site = origin, site
        self.id, self.user, self.uses = secrets.token_bytes(32), b"", 0
        self._key = ec.generate_private_key(ec.SECP256R1())

    def _client(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(type=kind, challenge=challenge, origin=self.origin)

    def _data(self, credential: bytes = b"") -> AuthenticatorData:
        self.uses += 1
        flags = Flag.UP | Flag.UV | (Flag.AT if credential else Flag(0))
        return AuthenticatorData.create(sha256(self.site.encode()), flags, self.uses, credential)

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        """navigator.credentials.create()"""
        asked = options["publicKey"]
        self.user = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self._key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        return self._answer(
            attestationObject=websafe_encode(AttestationObject.create("none", self._data(credential), {})),
            clientDataJSON=websafe_encode(self._client("webauthn.create", asked["challenge"])),
        )

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """navigator.credentials.get()"""
        data, client = self._data(), self._client("webauthn.get", options["publicKey"]["challenge"])
        signature = self._key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            authenticatorData=websafe_encode(data),
            clientDataJSON=websafe_encode(client),
            signature=websafe_encode(signature),
            userHandle=websafe_encode(self.user),
        )

    def _answer(self, **response: str) -> dict[str, Any]:
        return {
            "type": "public-key",
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": response,
        }
