// Canonical JSON by `canonicalize`, RFC 9421 by `http-message-sig`, Ed25519 by Node: one question a line on
// standard input, one answer a line on standard output.
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { createInterface } from "node:readline";
import canonicalize from "canonicalize";
import { createSignature, verifySignature } from "http-message-sig";

const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const secret = (hex) =>
  createPrivateKey({ key: Buffer.concat([PKCS8, Buffer.from(hex, "hex")]), format: "der", type: "pkcs8" });
const open = (hex) =>
  createPublicKey({ key: Buffer.concat([SPKI, Buffer.from(hex, "hex")]), format: "der", type: "spki" });

const message = ({ method, url, headers }) => ({
  kind: "request",
  method,
  targetUri: url,
  fields: Object.entries(headers).map(([name, value]) => ({ name: name.toLowerCase(), value })),
});

const answers = {
  canonical: ({ value }) => canonicalize(value),
  sign: (asked) =>
    createSignature(message(asked), {
      label: "kx",
      components: asked.components,
      parameters: asked.parameters,
      signer: { algorithm: "ed25519", sign: (data) => sign(null, data, secret(asked.key)) },
    }),
  verify: async (asked) => {
    const found = await verifySignature(message(asked), {
      label: "kx",
      policy: {
        algorithms: ["ed25519"],
        requiredComponents: asked.components,
        requiredParameters: ["created", "expires", "keyid", "nonce", "tag"],
        maxAge: 60,
        now: asked.now,
      },
      resolveVerifier: () => ({
        algorithm: "ed25519",
        verify: (data, signature) => verify(null, data, open(asked.key), signature),
      }),
    });
    return found.parameters.keyid;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = { ok: await answers[asked.do](asked) };
  } catch (error) {
    answer = { refused: String(error.code ?? error) };
  }
  console.log(JSON.stringify(answer));
}
