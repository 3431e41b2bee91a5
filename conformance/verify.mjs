// A second reader of KX/1, written from PROTOCOL.md alone, on Node's own crypto, without dependencies.
// `node verify.mjs FILE …` judges proofs; with `--agreement FILE --keyset FILE …` (the first: whose page it is)
// also feed pages, notes, receipts, headers. One line of JSON for each file; exit code 1 if one was refused.
import { createHash, createPublicKey, verify as ed25519 } from "node:crypto";
import { readFileSync } from "node:fs";

class Refused extends Error {}
const must = (condition, why) => { if (!condition) throw new Refused(why); };
const sha = (...pieces) => pieces.reduce((hash, piece) => hash.update(piece), createHash("sha256")).digest();
const named = (digest) => "sha256-" + digest.toString("base64url");

// Canonical bytes: RFC 8785 in the profile of KX/1
const KEY = /^(?:[a-z0-9_]{1,64}|[A-Za-z-]{2,35})$/;
export function canonical(value, depth = 1) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") { must(!/\p{Surrogate}/u.test(value), "lone surrogate"); return JSON.stringify(value); }
  if (typeof value === "number") { must(Number.isSafeInteger(value) && !Object.is(value, -0), "number"); return String(value); }
  must(depth <= 16, "too deep");
  if (Array.isArray(value)) return `[${value.map((member) => canonical(member, depth + 1)).join(",")}]`;
  const keys = Object.keys(value).sort();
  must(keys.length <= 512 && keys.every((key) => KEY.test(key)), "keys");
  return `{${keys.map((key) => `"${key}":${canonical(value[key], depth + 1)}`).join(",")}}`;
}
export function decode(bytes) {
  let value;
  try { value = JSON.parse(bytes.toString("utf8")); } catch { throw new Refused("not JSON"); }
  must(Buffer.from(canonical(value)).equals(bytes), "bytes differ from their canonical form");
  return value;
}

// Keys and proofs: multibase, Ed25519, eddsa-jcs-2022
const DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
export function multibase(text) {
  must(typeof text === "string" && /^z[1-9A-HJ-NP-Za-km-z]{1,127}$/.test(text), "not base58");
  let number = 0n;
  for (const digit of text.slice(1)) number = number * 58n + BigInt(DIGITS.indexOf(digit));
  const hex = number ? number.toString(16) : "";
  return Buffer.concat([Buffer.alloc(/^z(1*)/.exec(text)[1].length), Buffer.from((hex.length % 2 ? "0" : "") + hex, "hex")]);
}
// OpenSSL accepts keys of small order, under which one signature fits every message; this refuses them.
const P = 2n ** 255n - 19n;
const SMALL = new Set([0n, 1n, P - 1n, ...["26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"].map((hex) => little(Buffer.from(hex, "hex")))]);
function little(bytes) { return BigInt("0x" + Buffer.from(bytes).reverse().toString("hex")); }
export function publicBytes(text) {
  const raw = multibase(text);
  must(raw.length === 34 && raw[0] === 0xed && raw[1] === 0x01, "not an Ed25519 key");
  const y = little(raw.subarray(2)) & (2n ** 255n - 1n);
  must(y < P && !SMALL.has(y), "a key that is not canonical, or of small order");
  return raw.subarray(2);
}
function signed(text, message, signature) {
  const x = publicBytes(text).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return signature.length === 64 && ed25519(null, message, key, signature);
}
const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
export const documentHash = (document) => named(sha(canonical(without(document, "proof"))));
function proves(document, proof, key) {
  must(proof.type === "DataIntegrityProof" && proof.cryptosuite === "eddsa-jcs-2022" && proof.proofPurpose === "assertionMethod", "proof");
  const message = Buffer.concat([sha(canonical(without(proof, "proofValue"))), sha(canonical(without(document, "proof")))]);
  return signed(key, message, multibase(proof.proofValue));
}

// Key sets and agreements
const keyName = (node) => `https://${node}/.well-known/kx#`;
export function keySet(document, roots, threshold = 1) {
  const count = (keys) => keys.filter((key) => document.proof.some((proof) => proves(document, proof, key))).length;
  must(document.type === "kx.keyset" && document.v === 1 && document.protocols.includes("kx/1"), "not a key set");
  must(document.keys.every((row) => row.id.startsWith(keyName(document.node)) && publicBytes(row.key)), "a key of another node");
  must(count(roots) >= Math.max(1, threshold) && count(document.root.keys) >= Math.max(1, document.root.threshold), `no root key of ${document.node} signed its key set`);
  return document;
}
export function chains(rows, versions) {
  const found = {};
  for (const row of rows) {
    const chain = (found[row.node] ??= []), last = chain.at(-1);
    const agreed = versions.flatMap((version) => version.parties).filter((party) => party.node === row.node).flatMap((party) => party.root);
    if (last) must(row.version === last.version + 1 && row.prev === documentHash(last), "key sets do not follow each other");
    chain.push(keySet(row, last ? last.root.keys : agreed, last?.root.threshold));
  }
  return found;
}
export function agreements(rows) {
  rows.forEach((document, i) => {
    must(document.type === "kx.agreement" && document.version === i + 1, "not a version of the agreement");
    must(document.prev === (i ? documentHash(rows[i - 1]) : null), "versions do not follow each other");
    for (const party of document.parties) {
      const by = document.proof.filter((proof) => proof.verificationMethod.startsWith(keyName(party.node)));
      must(by.some((proof) => party.root.some((key) => proves(document, proof, key))), `not signed by ${party.node}`);
    }
  });
  return rows;
}
const channelName = (origin, lineage, epoch) => `${origin}/kx/${sha(lineage).toString("hex").slice(0, 16)}/${epoch}`;

// The log: RFC 6962, C2SP checkpoints and tlog-proofs
export const leaf = (header) => sha(Buffer.from([0]), canonical(header));
const inner = (left, right) => sha(Buffer.from([1]), left, right);
export function root(leaves) {
  if (leaves.length < 2) return leaves[0] ?? sha("");
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return inner(root(leaves.slice(0, half)), root(leaves.slice(half)));
}
export function included(hash, index, size, path, expected) {
  must(index < size, "beyond the end of the log");
  let [place, last] = [BigInt(index), BigInt(size) - 1n];
  for (const other of path) {
    must(last > 0n, "inclusion proof too long");
    if (place & 1n || place === last) {
      hash = inner(other, hash);
      while (!(place & 1n) && place) [place, last] = [place >> 1n, last >> 1n];
    } else hash = inner(hash, other);
    [place, last] = [place >> 1n, last >> 1n];
  }
  must(last === 0n && hash.equals(expected), "the inclusion proof does not lead to the signed root");
}
export function note(text) {
  const found = /^([^\s+]{1,300})\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n\n((?:— \S+ [A-Za-z0-9+/]+=*\n){1,8})$/.exec(text);
  must(found, "not a checkpoint");
  const lines = found[4].trimEnd().split("\n").map((line) => line.split(" ")).map(([, name, raw]) => [name, Buffer.from(raw, "base64")]);
  return { origin: found[1], size: Number(found[2]), root: Buffer.from(found[3], "base64"), text: text.slice(0, text.indexOf("\n\n") + 1), lines };
}
const keyHash = (name, kind, key) => sha(`${name}\n`, Buffer.from([kind]), publicBytes(key)).subarray(0, 4);
export function signedBy(head, name, kind, keys) {
  for (const [signer, raw] of head.lines) for (const key of signer === name ? keys : []) {
    if (!raw.subarray(0, 4).equals(keyHash(name, kind, key))) continue;
    const seconds = kind === 4 ? raw.readBigUInt64BE(4) : 0n;
    const message = (kind === 4 ? `cosignature/v1\ntime ${seconds}\n` : "") + head.text;
    if (signed(key, Buffer.from(message), raw.subarray(kind === 4 ? 12 : 4))) return Number(seconds);
  }
  throw new Refused(`not signed by a log key of ${name}`);
}
const vouched = (set, id, channel) => {
  const row = set.revoked.find((each) => each.id === id), good = row?.last_good.find((each) => each.channel === channel);
  return good ? good.i : row && row.reason !== "superseded" ? -1 : Infinity;
};
const logKeys = (chain, head) => chain.flatMap((set) => set.keys)
  .filter((row) => row.use === "log" && head.size - 1 <= vouched(chain.at(-1), row.id, head.origin)).map((row) => row.key);

// One entry, a page, a bundle
export function entry(header, index, chain) {
  const id = header.proof.verificationMethod;
  must(chain.length && index <= vouched(chain.at(-1), id, header.channel), "the record key was revoked before this entry");
  const keys = chain.flatMap((set) => set.keys).filter((row) => row.id === id && row.use === "record");
  must(keys.some((row) => proves(header, header.proof, row.key)), "no record key of the origin signed this entry");
}
export function parts(header, given) {
  for (const [name, part] of Object.entries(given)) {
    const salt = Buffer.from(part.salt, "base64url");
    must(salt.length === 32 && salt.toString("base64url") === part.salt, "salt");
    must(header.op === "put" && named(sha("kx1-part\0", salt, canonical(part.data))) === header.parts[name], `part ${name} is not what was committed to`);
  }
}
const LEVELS = ["CLEAR", "GREEN", "AMBER"];
export function granted(header, agreement, peer) {
  const meets = (wanted, given) => (wanted.length === 1 && wanted[0] === "*") || given.some((each) => wanted.includes(each));
  return agreement.grants.some((grant) => grant.from === header.origin && grant.to.includes(peer) && grant.kinds.includes(header.kind)
    && (header.clause === undefined || grant.clauses.includes(header.clause)) && meets(grant.topics, header.topics)
    && header.regions.length && meets(grant.regions, header.regions) && LEVELS.includes(header.tlp)
    && LEVELS.indexOf(header.tlp) <= LEVELS.indexOf(grant.tlp_max) && Object.keys(header.parts).every((part) => grant.parts.includes(part)));
}
function covered(header, agreement) {
  const { from, until } = agreement.term;
  must(from <= header.issued && header.issued < until && !(header.expires <= header.issued), "not in the term of the agreement");
  for (const { node } of agreement.parties) must(node === header.origin || granted(header, agreement, node), `no grant lets this go to ${node}`);
}
export function page(bytes, chain) {
  const lines = bytes.toString("utf8").split("\n");
  must(lines.pop() === "", "the page breaks off");
  const { t: trailer } = decode(Buffer.from(lines.pop()));
  const head = note(trailer.checkpoint);
  const headers = lines.map((line, i) => {
    const { h, i: index, p } = decode(Buffer.from(line));
    must(index === i && h.channel === head.origin, "another place or log");
    entry(h, index, chain);
    parts(h, p);
    return h;
  });
  must(trailer.next === headers.length && head.size === trailer.size && head.size === trailer.next, "size");
  must(root(headers.map(leaf)).equals(head.root), "the root is not the signed one");
  signedBy(head, head.origin, 1, logKeys(chain, head));
  return { entries: headers.length, log: head.origin };
}
export function bundle(document) {
  must(document.type === "kx.proof" && document.v === 1, "not a proof");
  const versions = agreements(document.agreements), header = document.entry;
  const agreement = versions.find((version) => documentHash(version) === header.agreement);
  must(agreement, "another agreement than the one enclosed");
  must(header.channel === channelName(header.origin, documentHash(versions[0]), header.channel.split("/").at(-1)), "not a log of this agreement");
  const known = chains(document.keysets, versions), chain = known[header.origin], receipts = [];
  must(chain && agreement.parties.some((party) => party.node === header.origin), "the origin is no party, or its key set is missing");
  let place;
  for (const text of document.proofs) {
    const found = /^c2sp\.org\/tlog-proof@v1\nindex (0|[1-9][0-9]{0,15})\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n(.+\n)$/s.exec(text);
    must(found && (place ??= found[1]) === found[1], "not a proof of inclusion");
    const head = note(found[3]);
    must(head.origin === header.channel, "the checkpoint is of another log");
    signedBy(head, head.origin, 1, logKeys(chain, head));
    included(leaf(header), Number(found[1]), head.size, (found[2].match(/.+/g) ?? []).map((hash) => Buffer.from(hash, "base64")), head.root);
    for (const [name] of head.lines) {
      const party = name !== header.origin && agreement.parties.some((each) => each.node === name);
      if (party) receipts.push({ by: name, at: signedBy(head, name, 4, logKeys(known[name] ?? [], head)), size: head.size });
    }
  }
  entry(header, Number(place), chain);
  parts(header, document.parts);
  if (header.op === "put") covered(header, agreement);
  return { index: Number(place), log: header.channel, op: header.op, id: header.id ?? null, agreement: header.agreement, parts: Object.keys(document.parts).sort(), receipts };
}

// A note that stands alone, signed by the origin and by whoever of the known nodes cosigned it
function heads(text, known) {
  const head = note(text), origin = head.origin.split("/")[0];
  signedBy(head, head.origin, 1, logKeys(known[origin] ?? [], head));
  const others = head.lines.map(([name]) => name).filter((name) => name !== head.origin && known[name]);
  return { log: head.origin, size: head.size, receipts: others.map((by) => ({ by, at: signedBy(head, by, 4, logKeys(known[by], head)) })) };
}
function judge(bytes, versions, known) {
  if (bytes.subarray(0, 5).toString() === '{"h":') return page(bytes, Object.values(known)[0]);
  if (bytes[0] !== 0x7b) return heads(bytes.toString("utf8"), known);
  const document = decode(bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes);
  if (document.type === "kx.proof") return bundle(document);
  if (document.type === "kx.receipt") {
    must(Object.keys(document).sort().join() === "channel,checkpoint,erased,rejected,type,v" && document.v === 1, "members");
    must(note(document.checkpoint).origin === document.channel, "another channel");
    return { ...heads(document.checkpoint, known), rejected: document.rejected };
  }
  if (document.type === "kx.agreement") return { agreement: documentHash(agreements([document])[0]) };
  if (document.type === "kx.keyset") return { keyset: documentHash(Object.values(chains([document], versions))[0][0]) };
  entry(document, Infinity, known[document.origin] ?? []);
  return { op: document.op, id: document.id ?? null };
}
function main(words) {
  const options = { "--keyset": [], "--agreement": [] }, files = [];
  while (words.length) options[words[0]] ? options[words.shift()].push(words.shift()) : files.push(words.shift());
  const [rows, given] = ["--keyset", "--agreement"].map((name) => options[name].map((file) => decode(readFileSync(file))));
  const versions = agreements(given), known = chains(rows, versions);
  for (const file of files) {
    let told;
    try { told = judge(readFileSync(file), versions, known); } catch (problem) { told = { refused: problem.message }; process.exitCode = 1; }
    console.log(JSON.stringify({ file: file.split("/").at(-1), ...told }));
  }
}
if (process.argv[1]?.endsWith("verify.mjs")) {
  try { main(process.argv.slice(2)); } catch (problem) { console.error(`Cannot judge: ${problem.message}`); process.exitCode = 2; }
}
