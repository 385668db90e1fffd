"""cases.py - what an endpoint may do and say, and what becomes of the token that it was asked about.

SPDX-License-Identifier: Apache-2.0
"""

import time

NOW = int(time.time())
ISSUER = "https://as.example"

# What the endpoint does, and what becomes of it: outcome, reason, HTTP status, Retry-After.
UNREACHABLE = ("unavailable", "upstream_unreachable", 503, 5)
TIMEOUT = ("unavailable", "upstream_timeout", 503, 5)
FAILED = ("unavailable", "upstream_error", 503, 5)
MALFORMED = ("unavailable", "upstream_malformed", 503, 5)
TLS = ("unavailable", "upstream_tls", 503, 5)
REFUSED = ("error", "upstream_refused", 500, 0)
FAULTS = {
    "good": ("success", "accepted", 200, 0),
    "charset": ("success", "accepted", 200, 0),
    "refuse": UNREACHABLE,
    "nothing": UNREACHABLE,
    "hang": TIMEOUT,
    "drip": TIMEOUT,
    "half": FAILED,
    "oversize": MALFORMED,
    "large-header": MALFORMED,
    "wrong-type": MALFORMED,
    "jwt-type": MALFORMED,
    "no-type": MALFORMED,
    "bad-json": MALFORMED,
    "empty": MALFORMED,
    "array": MALFORMED,
    "twice": MALFORMED,
    "deep": MALFORMED,
    "trailing": MALFORMED,
    "redirect": MALFORMED,
    "redirect-307": MALFORMED,
    "no-content": MALFORMED,
    "created": MALFORMED,
    "gibberish": MALFORMED,
    "tls-good": ("success", "accepted", 200, 0),
    "tls-untrusted": TLS,
    "tls-expired": TLS,
    "tls-wrong-name": TLS,
    "tls-none": TLS,
    "tls-no-client": UNREACHABLE,
    "400": ("error", "upstream_error", 500, 0),
    "401": REFUSED,
    "403": REFUSED,
    "404": ("error", "upstream_error", 500, 0),
    "429": ("rate_limited", "upstream_rate_limit", 429, 30),
    "429-after": ("rate_limited", "upstream_rate_limit", 429, 7),
    "429-odd": ("rate_limited", "upstream_rate_limit", 429, 30),
    "500": FAILED,
    "502": FAILED,
    "503": FAILED,
    "503-after": ("unavailable", "upstream_error", 503, 11),
    "504": FAILED,
}

# How far these come differs from time to time, and so does what is told of it. A server that refuses our certificate
# says so, in TLS 1.3, while we already send.
RACING = {"tls-no-client", "hang", "drip"}

# Members of an answer beside GOOD (None leaves one out), and what becomes of it.
INVALID = "invalid"
ANSWERS = [
    ({}, "success", "accepted"),
    ({"active": False}, INVALID, "inactive"),
    ({"active": None}, "unavailable", "upstream_malformed"),
    ({"active": "true"}, "unavailable", "upstream_malformed"),
    ({"active": 1}, "unavailable", "upstream_malformed"),
    ({"active": "false"}, "unavailable", "upstream_malformed"),
    ({"exp": NOW + 300}, "success", "accepted"),
    ({"exp": NOW - 300}, "expired", "expired"),
    ({"exp": NOW - 10}, "success", "accepted"),
    ({"exp": 0}, INVALID, "bad_claim"),
    ({"exp": str(NOW + 300)}, INVALID, "bad_claim"),
    ({"exp": 1e300}, INVALID, "bad_claim"),
    ({"exp": -1}, INVALID, "bad_claim"),
    ({"nbf": NOW - 5}, "success", "accepted"),
    ({"nbf": NOW + 300}, INVALID, "not_yet_valid"),
    ({"iat": NOW + 300}, INVALID, "not_yet_valid"),
    ({"iss": ISSUER}, "success", "accepted"),
    ({"iss": ISSUER + "/"}, INVALID, "wrong_issuer"),
    ({"iss": [ISSUER]}, INVALID, "bad_claim"),
    ({"aud": ["other", "notes"]}, "success", "accepted"),
    ({"aud": "note"}, INVALID, "wrong_audience"),
    ({"aud": []}, INVALID, "wrong_audience"),
    ({"aud": None}, INVALID, "missing_claim"),
    ({"aud": 5}, INVALID, "bad_claim"),
    ({"aud": ["notes", 5]}, INVALID, "bad_claim"),
    ({"sub": None}, INVALID, "missing_claim"),
    ({"sub": None, "username": "alice"}, INVALID, "missing_claim"),
    ({"sub": ""}, INVALID, "bad_claim"),
    ({"sub": 7}, INVALID, "bad_claim"),
    ({"scope": "read  write"}, "success", "accepted"),
    ({"scope": 7}, INVALID, "bad_claim"),
    ({"scope": 'read "write"'}, INVALID, "bad_claim"),
    ({"token_type": "Bearer"}, "success", "accepted"),
    ({"token_type": "bearer"}, "success", "accepted"),
    ({"token_type": "DPoP"}, INVALID, "unchecked_proof"),
    ({"token_type": "dpop"}, INVALID, "unchecked_proof"),
    ({"token_type": "mac"}, INVALID, "wrong_type"),
    ({"token_type": 7}, INVALID, "bad_claim"),
    ({"token_type": "refresh_token"}, INVALID, "wrong_type"),
    ({"token_use": "refresh_token"}, INVALID, "wrong_type"),
    ({"token_use": "access_token"}, "success", "accepted"),
    ({"typ": "Refresh"}, INVALID, "wrong_type"),
    ({"typ": "ID"}, INVALID, "wrong_type"),
    ({"typ": "Bearer"}, "success", "accepted"),
    ({"cnf": {"jkt": "x"}}, INVALID, "unchecked_proof"),
    ({"cnf": {"x5t#S256": "x"}}, INVALID, "unchecked_proof"),
    ({"username": "al\x07ice"}, INVALID, "bad_claim"),
    ({"jti": "one", "client_id": "editor", "username": "al", "scope": "read write", "iat": NOW, "exp": NOW + 60,
      "iss": ISSUER, "email": "al@example.com"}, "success", "accepted"),
    # An inactive token is inactive, whatever else is said about it.
    ({"active": False, "iss": "https://other.example", "exp": 5}, INVALID, "inactive"),
]
