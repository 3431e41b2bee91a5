"""The one tree of errors; every error that the project raises on purpose stands here.

KakehashiError
├── InvalidInput                    what a person or a file gave cannot be used; carries one problem per field
│   └── FileRefused                 a file cannot be read at all; carries a code and facts
├── NotAllowed                      the viewer may not do this
├── NotFound                        no such thing, or none that the viewer may know of
├── Conflict                        the state of things forbids it now
│   └── HomeBusy                    another process runs this home
├── Recovering                      nothing may be written: data are being restored, or are damaged
├── NodeMisconfigured               node.json or the environment is wrong
├── SigningError
│   ├── NotCanonical                bytes are not the KX profile of JCS
│   ├── BadKey                      a public key is malformed or of small order
│   └── BadProof                    a signature does not verify
├── ExchangeError                   carries a code of EXCHANGE.md section 16
│   ├── LogError                    nothing of the page is applied; the cursor stays
│   ├── RecordError                 one entry goes to quarantine; the cursor moves
│   └── PeerError                   the partner refused, or could not be reached
├── HarvestRefused                  carries a code of OAI-PMH 2.0
├── NotProven                       evidence does not show what it says; the message tells which step
└── EncoderError                    a text could not be encoded
"""


class KakehashiError(Exception):
    """Base of all."""


class InvalidInput(KakehashiError):
    """Input is wrong. `problems` maps a field path ("" for the whole) to readable messages (lazy strings)."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__(
            "; ".join(f"{path}: {m}" if path else str(m) for path, ms in problems.items() for m in ms)
        )
        self.problems = problems


class FileRefused(InvalidInput):
    """A file cannot be read at all. `code` and `facts` are put into words by importers/sentences.py."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__({"": [code]})
        self.code = code
        self.facts = facts


class NotAllowed(KakehashiError):
    """The viewer may not do this."""


class NotFound(KakehashiError):
    """No such thing, or none that the viewer may know of."""


class Conflict(KakehashiError):
    """The present state forbids it."""


class HomeBusy(Conflict):
    """Another process holds the lock of this home."""


class Recovering(KakehashiError):
    """Nothing may be written now: the node compares or restores its data, or they are damaged."""


class NodeMisconfigured(KakehashiError):
    """node.json or the environment is wrong."""


class SigningError(KakehashiError):
    """Base of all that concerns canonical bytes, keys and proofs."""


class NotCanonical(SigningError):
    """Bytes are not in the KX profile of JCS (RFC 8785)."""


class BadKey(SigningError):
    """A public key is not canonically encoded, or of small order."""


class BadProof(SigningError):
    """A signature does not verify."""


class ExchangeError(KakehashiError):
    """An error of the protocol; `code` is one of EXCHANGE.md section 16."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class LogError(ExchangeError):
    """Log-level failure: nothing is applied and the cursor stays."""


class RecordError(ExchangeError):
    """Record-level failure: the entry is quarantined and the cursor moves."""


class PeerError(ExchangeError):
    """The partner refused or did not answer as agreed; `status` is the HTTP status, 0 if there was none.

    `after`: for so many seconds it wants to be left alone.
    """

    def __init__(self, code: str, detail: str = "", status: int = 0, after: float = 0) -> None:
        super().__init__(code, detail)
        self.status, self.after = status, after


class HarvestRefused(KakehashiError):
    """A harvester asked what cannot be answered; `code` is one of OAI-PMH 2.0 section 3.6."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class NotProven(KakehashiError):
    """Evidence does not show what it says; the message tells the first step that fails."""


class ReportNotSet(KakehashiError):
    """The report could not be set as PDF."""


class EncoderError(KakehashiError):
    """A text could not be encoded."""
