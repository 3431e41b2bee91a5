"""Errors as RFC 9457 problem documents, with the status that EXCHANGE.md section 16 gives each code."""

import orjson
from django.http import HttpResponse

STATUS = {
    400: ("bad-request", "bad-json", "not-canonical"),
    401: (
        *("sig-missing", "sig-invalid", "sig-coverage", "sig-expired", "sig-replay"),
        *("key-unknown", "key-revoked"),
    ),
    403: ("not-a-party", "agreement-not-active", "agreement-ended", "channel-suspended"),
    404: ("not-found",),
    406: ("unsupported-version",),
    409: ("agreement-conflict", "receipt-rollback", "rev-conflict"),
    410: ("epoch-closed",),
    413: ("too-large", "page-limit"),
    415: ("unsupported-encoding",),
    416: ("from-beyond-size",),
    429: ("rate-limited",),
    503: ("origin-recovering", "overloaded", "disk-low"),
}
STATUS_OF = {code: status for status, codes in STATUS.items() for code in codes}
RETRY_AFTER = {429: "5", 503: "15"}


def problem(code: str, detail: str = "") -> HttpResponse:
    """The answer for one code; an unknown one is a bad request."""
    status = STATUS_OF.get(code, 400)
    facts = {"type": f"urn:kx:err:{code}", "title": code, "status": status}
    if detail:
        facts["detail"] = detail
    headers = {"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else {}
    return HttpResponse(
        orjson.dumps(facts), status=status, content_type="application/problem+json", headers=headers
    )
