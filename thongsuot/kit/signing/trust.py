"""Whom we trust: root certificates as files, revocation data beside them, and the judgement of a signer's certificate.

Roots lie under `data/trust` (published with the product) and `TS_VAR/trust` (added by the province): *.pem, *.crt,
*.cer are certificates (self-issued ones are roots, others help to build a path), *.crl revocation lists, *.ocsp answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from .certificates import Identity
from .paths import path_to_root
from .revocation import RevocationAnswer, RevocationList, Status, reason_against
from .types import Reason, SigningFault

# Clocks of signers' machines go wrong by minutes.
CLOCK_SKEW = timedelta(minutes=10)
_SKEW = CLOCK_SKEW.total_seconds()
CANNOT_SAY = (Reason.NO_REVOCATION_DATA, Reason.STALE_REVOCATION_DATA)
# Asked for revocation data of (certificate, issuer) when what is at hand cannot say.
Proof = x509.CertificateRevocationList | ocsp.OCSPResponse
Fetch = Callable[[x509.Certificate, x509.Certificate], Iterable[Proof]]
_Link = tuple[x509.Certificate, x509.Certificate, bytes]


class _Window(NamedTuple):
    """Of a signer against whom nothing stands: when all certificates up to the root are valid (`since`, `until`), when
    the youngest word on each was given (`said_at`) and how long it is good (`good_until`). Seconds since 1970."""

    since: float
    until: float
    signer_until: float
    said_at: float
    good_until: float

    def holds(self, signed_at: datetime, proven_at: datetime) -> bool:
        """Whether nothing stands against a signature of this time either; it may be so even where this says no."""
        signed, proven = signed_at.timestamp(), proven_at.timestamp()
        since, until, signer_until, said_at, good_until = self
        return (
            since <= signed <= until
            and signed <= proven + _SKEW
            and proven <= signer_until
            and (said_at >= signed or good_until >= proven)
        )


def _window(signer: Identity, path: tuple[_Link, ...], known: list[list[Status]]) -> _Window:
    issuers = [issuer for _, issuer, _ in path]
    return _Window(
        since=max(signer.not_before, *(each.not_valid_before_utc for each in issuers)).timestamp(),
        until=min(signer.not_after, *(each.not_valid_after_utc for each in issuers)).timestamp(),
        signer_until=signer.not_after.timestamp(),
        said_at=min(max(one.this_update for one in statuses) for statuses in known).timestamp(),
        good_until=min(max(one.next_update for one in statuses) for statuses in known).timestamp(),
    )


class Proofs(NamedTuple):
    """What shows later that a certificate was good (DER): those above it up to the root, and the youngest word on each."""

    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    answers: tuple[bytes, ...]


class TrustStore:
    """Roots, helping certificates and revocation data in memory. Safe to share between threads."""

    def __init__(
        self,
        roots: Iterable[x509.Certificate],
        *,
        intermediates: Iterable[x509.Certificate] = (),
        crls: Iterable[x509.CertificateRevocationList] = (),
        answers: Iterable[ocsp.OCSPResponse] = (),
        fetch: Fetch | None = None,
    ) -> None:
        self.roots = tuple(roots)
        self.intermediates = tuple(intermediates)
        self._root_ders = tuple(root.public_bytes(Encoding.DER) for root in self.roots)
        self._helping = tuple(each.public_bytes(Encoding.DER) for each in self.intermediates)
        self._lists: dict[bytes, list[RevocationList]] = {}
        self._answers: dict[int, list[RevocationAnswer]] = {}
        self._paths: dict[bytes, tuple[_Link, ...] | None] = {}
        self._statuses: dict[bytes, list[Status]] = {}
        self._windows: dict[bytes, _Window] = {}
        self._fetch, self._lock = fetch, Lock()
        # As files hold them, for signatures that carry their proof along (PAdES B-LT).
        self.crl_ders: list[bytes] = []
        self.answer_ders: list[bytes] = []
        for crl in crls:
            self.add_crl(crl)
        for answer in answers:
            self.add_answer(answer)

    @classmethod
    def from_folders(cls, folders: Sequence[Path], *, fetch: Fetch | None = None) -> TrustStore:
        """All certificates and revocation data of `folders` (missing ones are empty). Raises ValueError naming a bad file."""
        certificates, crls, answers = [], [], []
        for path in sorted(each for folder in folders if folder.is_dir() for each in folder.rglob("*")):
            try:
                match path.suffix.lower():
                    case ".pem" | ".crt" | ".cer":
                        certificates += certificates_in(path.read_bytes())
                    case ".crl":
                        crls.append(_crl(path.read_bytes()))
                    case ".ocsp":
                        answers.append(ocsp.load_der_ocsp_response(path.read_bytes()))
            except ValueError as error:
                raise ValueError(f"{path.name}: {error}") from error
        roots = [each for each in certificates if each.issuer == each.subject]
        helping = [each for each in certificates if each.issuer != each.subject]
        return cls(roots, intermediates=helping, crls=crls, answers=answers, fetch=fetch)

    def helped_by(
        self, *, certificates: Iterable[bytes], crls: Iterable[bytes], answers: Iterable[bytes]
    ) -> TrustStore:
        """The same roots, with what a file brings along (DER; none of it trusted by itself). Raises ValueError."""
        store = TrustStore(
            self.roots,
            intermediates=[*self.intermediates, *map(x509.load_der_x509_certificate, certificates)],
            fetch=self._fetch,
        )
        for crl in [*self.crl_ders, *crls]:
            store.add_crl(_crl(crl))
        for answer in [*self.answer_ders, *answers]:
            store.add_answer(ocsp.load_der_ocsp_response(answer))
        return store

    def add_crl(self, crl: x509.CertificateRevocationList) -> None:
        """One more revocation list, at once in force."""
        der = crl.public_bytes(Encoding.DER)
        if der in self.crl_ders:
            return
        known = RevocationList(crl)
        with self._lock:
            self._lists.setdefault(known.issuer, []).append(known)
            self.crl_ders.append(der)
            self._statuses.clear()
            self._windows.clear()

    def add_answer(self, answer: ocsp.OCSPResponse) -> None:
        """One more OCSP answer. Raises ValueError for one that is no success."""
        known, der = RevocationAnswer(answer), answer.public_bytes(Encoding.DER)
        if der in self.answer_ders:
            return
        with self._lock:
            self._answers.setdefault(known.serial, []).append(known)
            self.answer_ders.append(der)
            self._statuses.clear()
            self._windows.clear()

    def judge(
        self, signer: Identity, others: Sequence[bytes], signed_at: datetime, proven_at: datetime
    ) -> tuple[Reason, ...]:
        """What stands against a signature that says it was made at `signed_at` and surely existed at `proven_at`.

        `others`: certificates of the file, which may help to build the path. Aware times.
        """
        window = self._windows.get(signer.fingerprint)
        if window is not None and window.holds(signed_at, proven_at):
            return ()
        reasons = list(signer.flaws)
        if signed_at > proven_at + CLOCK_SKEW:
            reasons.append(Reason.SIGNED_IN_FUTURE)
        if signed_at < signer.not_before:
            return (*reasons, Reason.NOT_YET_VALID)
        if signed_at > signer.not_after:
            return (*reasons, Reason.EXPIRED)
        path = self.path(signer, others, signed_at)
        if path is None:
            return (*reasons, Reason.UNKNOWN_ISSUER)
        if any(
            not issuer.not_valid_before_utc <= signed_at <= issuer.not_valid_after_utc
            for _, issuer, _ in path
        ):
            reasons.append(Reason.EXPIRED)
        if proven_at > signer.not_after:
            reasons.append(Reason.NO_PROOF_OF_TIME)
        for link in path:
            against = self._against(link, signed_at, proven_at)
            if against is not None and against not in reasons:
                reasons.append(against)
        if not reasons:
            self._remember(signer, path)
        return tuple(reasons)

    def _remember(self, signer: Identity, path: tuple[_Link, ...]) -> None:
        """Nothing stands against this signer: when the same can be said of another signature of his at a glance."""
        with self._lock:
            known = [self._statuses.get(key, []) for _, _, key in path]
            if all(known) and not any(one.revoked_at for statuses in known for one in statuses):
                self._windows[signer.fingerprint] = _window(signer, path, known)

    def path(self, signer: Identity, others: Sequence[bytes], moment: datetime) -> tuple[_Link, ...] | None:
        """(certificate, its issuer, fingerprint of the two) from the signer up to a root; None when there is no way."""
        if signer.fingerprint in self._paths:
            return self._paths[signer.fingerprint]
        ders = path_to_root(signer.der, [*others, *self._helping], self._root_ders, moment)
        if ders is None:
            # Not remembered: another file may bring the missing certificate along.
            return None
        loaded = [x509.load_der_x509_certificate(der) for der in ders]
        links = tuple(
            (below, above, below.fingerprint(SHA256()) + above.fingerprint(SHA256()))
            for below, above in pairwise(loaded)
        )
        with self._lock:
            self._paths[signer.fingerprint] = links
        return links

    def _against(self, link: _Link, signed_at: datetime, proven_at: datetime) -> Reason | None:
        """What revocation says against it; asked for where what is at hand cannot say."""
        certificate, issuer, _key = link
        reason = reason_against(self._known_of(link), signed_at, proven_at)
        if reason not in CANNOT_SAY or self._fetch is None:
            return reason
        for proof in self._fetch(certificate, issuer):
            if isinstance(proof, x509.CertificateRevocationList):
                self.add_crl(proof)
            else:
                self.add_answer(proof)
        return reason_against(self._known_of(link), signed_at, proven_at)

    def ask(self, signer: Identity, others: Sequence[bytes], moment: datetime) -> None:
        """Fetch what authorities say of a signer's certificate and those above it, where what is at hand cannot say as of
        `moment`: a judgement later finds it here."""
        if self._fetch is None:
            return
        within = min(max(moment, signer.not_before), signer.not_after)
        for link in self.path(signer, others, within) or ():
            self._against(link, moment, moment)

    def proofs(self, signer: Identity, others: Sequence[bytes], moment: datetime) -> Proofs:
        """What a signature carries along about its signer, as of `moment` (aware). Raises SigningFault (no_revocation):
        no way to a root, or nobody told of one of the certificates."""
        links = self.path(signer, others, moment)
        if not links or any(self._against(link, moment, moment) is not None for link in links):
            raise SigningFault("no_revocation")
        crls: list[bytes] = []
        answers: list[bytes] = []
        for certificate, issuer, key in links:
            said = [
                (status.this_update, source)
                for source in self._sources(certificate)
                if (status := source.status(certificate, issuer, key[32:])) is not None
            ]
            youngest = max(said, key=lambda one: one[0])[1]
            (crls if isinstance(youngest, RevocationList) else answers).append(youngest.der)
        above = tuple(issuer.public_bytes(Encoding.DER) for _, issuer, _ in links)
        return Proofs(above, tuple(dict.fromkeys(crls)), tuple(dict.fromkeys(answers)))

    def _known_of(self, link: _Link) -> list[Status]:
        certificate, issuer, key = link
        known = self._statuses.get(key)
        if known is None:
            known = self._look_up(certificate, issuer, key)
            if known:
                with self._lock:
                    self._statuses[key] = known
        return known

    def _look_up(self, certificate: x509.Certificate, issuer: x509.Certificate, key: bytes) -> list[Status]:
        found = (source.status(certificate, issuer, key[32:]) for source in self._sources(certificate))
        return [status for status in found if status is not None]

    def _sources(self, certificate: x509.Certificate) -> list[RevocationList | RevocationAnswer]:
        return [
            *self._lists.get(certificate.issuer.public_bytes(), ()),
            *self._answers.get(certificate.serial_number, ()),
        ]


def certificates_in(data: bytes) -> list[x509.Certificate]:
    """Certificates of a PEM or DER file. Raises ValueError."""
    if b"-----BEGIN CERTIFICATE" in data:
        return x509.load_pem_x509_certificates(data)
    return [x509.load_der_x509_certificate(data)]


def _crl(data: bytes) -> x509.CertificateRevocationList:
    load = x509.load_pem_x509_crl if data.startswith(b"-----BEGIN") else x509.load_der_x509_crl
    return load(data)
