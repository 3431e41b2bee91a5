"""The routes of KX/1 as OpenAPI 3.1: `python -m conformance.openapi` prints it as JSON.

PROTOCOL.md says what the routes mean, and what must be in what is sent; this is for tools.
"""

import json
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
KX, NDJSON, BYTES = "application/vnd.kx.v1+json", "application/x-ndjson", "application/octet-stream"
ANY_TEXT: Json = {"type": "string"}
REFUSED = {
    400: "not understood",
    401: "the signature does not open this",
    403: "not now, or not to you",
    404: "nothing that the caller may know of",
    406: "another version of the protocol was asked for",
    409: "it contradicts what is here",
    410: "the log goes on under another name",
    413: "too large",
    415: "bodies come plain",
    416: "beyond the end: possibly a roll-back",
    429: "too many requests",
    503: "not for the moment",
}
ALWAYS = (400, 401, 404, 406, 413, 415, 429, 503)
READ, WRITE = (403, 410), (403, 409)


def whole(least: int, most: int, **more: Any) -> Json:
    return {"type": "integer", "minimum": least, "maximum": most, **more}


def like(pattern: str, **more: Any) -> Json:
    return {"type": "string", "pattern": f"^{pattern}$", **more}


def given(place: str, **schemas: Json) -> list[Json]:
    """Parameters of the path, all of which there must be, or of the query."""
    return [
        {"name": name, "in": place, "required": place == "path", "schema": schema}
        for name, schema in schemas.items()
    ]


HASH = given("path", hash=like("sha256-[A-Za-z0-9_-]{43}"))
CHANNEL = given(
    "path", node=like("[a-z0-9.-]{1,253}"), agreement=like("[0-9a-f]{16}"), epoch=whole(0, 999_999)
)
PAGE = {
    "from": whole(0, 2**53),
    "limit": whole(256, 2048, multipleOf=256, default=512),
    "parts": {"enum": ["0", "1"], "default": "1"},
}
TILE = {"n": like("(x[0-9]{3}/){0,4}[0-9]{3}", example="000")}
LEVEL, WIDTH = {"level": whole(0, 63)}, {"width": whole(1, 255)}


def named(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def operation(
    summary: str,
    *,
    gives: tuple[str, Json] | None = None,
    takes: str = "",
    query: Json | None = None,
    refuses: Iterable[int] = (),
    also: Json | None = None,
) -> Json:
    """A signed request and its answers."""
    good: Json = {"description": "as asked"}
    if gives:
        good["content"] = {gives[0]: {"schema": gives[1]}}
    refused = {str(code): {"$ref": f"#/components/responses/{code}"} for code in sorted({*ALWAYS, *refuses})}
    made: Json = {"summary": summary, "responses": {"200": good, **(also or {}), **refused}}
    if query:
        made["parameters"] = given("query", **query)
    if takes:
        made["requestBody"] = {"required": True, "content": {KX: {"schema": named(takes)}}}
    return made


def paths() -> Json:
    log, mirror = "/channels/{node}/kx/{agreement}/{epoch}", "/mirror/{node}/kx/{agreement}/{epoch}"
    lines, wait = (NDJSON, ANY_TEXT), {"wait": whole(0, 25, default=0)}

    def of_log(**operations: Json) -> Json:
        return {"parameters": CHANNEL, **operations}

    return {
        "/.well-known/kx": key_set(),
        "/agreements/{hash}": {
            "parameters": HASH,
            "get": operation("A signed agreement, for its parties", gives=(KX, named("Agreement"))),
            "put": operation(
                "A draft; activates nothing",
                takes="Agreement",
                refuses=WRITE,
                also={"201": {"description": "new"}},
            ),
        },
        "/agreements/{hash}/proofs": {
            "parameters": HASH,
            "post": operation("A party's signature", takes="Proof", refuses=WRITE),
        },
        "/agreements/{hash}/termination": {
            "parameters": HASH,
            "post": operation("A party's signed end", takes="Termination", refuses=WRITE),
        },
        log: of_log(get=operation("Status of a log", gives=(KX, named("Channel")), refuses=READ)),
        f"{log}/entries": of_log(
            get=operation("The feed", gives=lines, query={**PAGE, **wait}, refuses=(*READ, 416))
        ),
        f"{log}/receipts": of_log(
            post=operation("What its reader has, cosigned", takes="Receipt", refuses=(*READ, *WRITE))
        ),
        f"{log}/receipts/latest": of_log(
            get=operation("The last receipt, for origin or reader", gives=(KX, named("Receipt")))
        ),
        f"{log}/purge": of_log(
            post=operation("That copies are deleted", takes="Purge", refuses=(*READ, *WRITE))
        ),
        f"{log}/tlog/checkpoint": of_log(
            get=operation("The newest signed head", gives=("text/plain", ANY_TEXT), refuses=READ)
        ),
        **tiles(f"{log}/tlog/tile/{{level}}/{{n}}", "The hashes of one tile", {**LEVEL, **TILE}),
        **tiles(f"{log}/tlog/tile/entries/{{n}}", "The headers under one tile", TILE),
        f"{mirror}/entries": of_log(
            get=operation("What is kept here of the caller's log", gives=lines, query=PAGE, refuses=(416,))
        ),
        f"{mirror}/keysets": of_log(get=operation("The caller's key sets as kept here", gives=lines)),
    }


def tiles(path: str, summary: str, about: Json) -> Json:
    """Full tiles, and those that are not yet."""
    read = operation(summary, gives=(BYTES, {"type": "string", "format": "binary"}), refuses=READ)
    return {
        path: {"parameters": [*CHANNEL, *given("path", **about)], "get": read},
        f"{path}.p/{{width}}": {
            "parameters": [*CHANNEL, *given("path", **about, **WIDTH)],
            "get": read,
        },
    }


def key_set() -> Json:
    """The one route that everybody may ask, on the node's own name."""
    made = operation(
        "The key set of this node",
        gives=(KX, named("KeySet")),
        query={"version": whole(1, 10**6)},
        also={"304": {"description": "unchanged"}},
    )
    return {"servers": [{"url": "https://munich.example"}], "get": {**made, "security": []}}


def document(type: str, *members: str) -> Json:
    """A document of the protocol, by its type and the members that it cannot be without."""
    return {
        "type": "object",
        "required": ["type", "v", *members],
        "properties": {"type": {"const": type}, "v": {"const": 1}},
    }


def schemas() -> Json:
    return {
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status"],
            "properties": {"type": like("urn:kx:err:[a-z-]+"), "title": ANY_TEXT, "status": whole(400, 599)},
        },
        "Channel": {
            "type": "object",
            "required": ["size", "checkpoint", "epoch", "state"],
            "properties": {"size": whole(0, 2**53), "checkpoint": ANY_TEXT, "epoch": whole(0, 999_999)},
        },
        "Proof": {"type": "object", "required": ["cryptosuite", "proofValue"]},
        "KeySet": document("kx.keyset", "node", "version", "keys", "proof"),
        "Agreement": document("kx.agreement", "id", "parties", "grants", "proof"),
        "Termination": document("kx.termination", "agreement", "by", "effective", "proof"),
        "Receipt": document("kx.receipt", "channel", "checkpoint", "erased", "rejected"),
        "Purge": document("kx.purge", "agreement", "proof"),
    }


def description() -> Json:
    """The whole description."""
    problem = {"application/problem+json": {"schema": named("Problem")}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "KX/1", "version": "1"},
        "servers": [{"url": "https://munich.example/kx/v1"}],
        "security": [{"signature": []}],
        "paths": paths(),
        "components": {
            "securitySchemes": {
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Signature",
                    "description": "RFC 9421, Ed25519, tag kx1",
                }
            },
            "responses": {
                str(code): {"description": said, "content": problem} for code, said in REFUSED.items()
            },
            "schemas": schemas(),
        },
    }


if __name__ == "__main__":
    print(json.dumps(description(), indent=2))
