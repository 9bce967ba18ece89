"""The master's self-made certificate. No authority vouches for it: links name it, and the key proof is bound to it."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import os
import ssl
import tempfile
from contextlib import suppress
from pathlib import Path

from mcgui_core.base.private_file import write_private

#: Days that a certificate is good for. It is compared by its digest, not by its dates; a century keeps any other
#: software that looks at them content.
DAYS = 36_500


def new_certificate() -> str:
    """A fresh P-256 key with a certificate for it, as PEM text."""
    # Imported here: it takes 50 ms, and only a server that starts without a journal needs it.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mcgui master")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=DAYS))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (private + certificate.public_bytes(serialization.Encoding.PEM)).decode("ascii")


def server_context(pem: str) -> ssl.SSLContext:
    """A TLS 1.3 context that shows this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.num_tickets = 0  # sessions are never resumed, so tickets would be bytes for nothing
    # The ssl module reads certificates from files only.
    handle, path = tempfile.mkstemp(prefix="mcgui-", suffix=".pem")  # made readable by its owner alone
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(pem)
        context.load_cert_chain(path)
    finally:
        Path(path).unlink()
    return context


def client_context() -> ssl.SSLContext:
    """A TLS 1.3 context that takes any certificate: the key proof says whether it is the right one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def digest(pem: str) -> bytes:
    """SHA-256 of the certificate in a PEM text."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERTIFICATE") :])).digest()


def fingerprint(certificate_digest: bytes) -> str:
    """What links say of a certificate: the first 128 bits of its digest, 22 characters.

    Another certificate with the same ones takes 2**128 attempts to make, as many as the certificate's own key.
    """
    return base64.urlsafe_b64encode(certificate_digest[:16]).rstrip(b"=").decode("ascii")


def kept_certificate(path: Path) -> str:
    """The certificate in a file, made when it is first asked for; a new one for now where the file cannot be used.

    For masters that others know by address and key alone: with a new certificate at each start they would be taken for
    somebody who poses as them.
    """
    try:
        return _checked(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        made = new_certificate()
    with suppress(OSError):
        write_private(path, made)
    return made


def _checked(pem: str) -> str:
    """Raises ValueError for what is no certificate with its key."""
    if "PRIVATE KEY" not in pem:
        raise ValueError("there is no key in it")
    digest(pem)
    return pem
