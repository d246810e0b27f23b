import { hash } from "node:crypto";

/** `pl_<8 of prefix>_<43 of secret>`: the prefix is shown in lists, the secret has 256 bits. */
const pattern = /^pl_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/;
const prefixAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";

export interface MintedApiKey {
  /** Shown once, stored nowhere. */
  key: string;
  prefix: string;
  secretHash: string;
}

/** `randomBytes` comes from the caller: node:crypto's in a process, a seeded one in a test. */
export function mintApiKey(randomBytes: (size: number) => Uint8Array): MintedApiKey {
  const prefix = Array.from(randomBytes(8), (byte) => prefixAlphabet[byte % 32]).join("");
  const key = `pl_${prefix}_${Buffer.from(randomBytes(32)).toString("base64url")}`;
  return { key, prefix, secretHash: hashApiKey(key) };
}

/** SHA-256 of the whole key, in hex. A slow hash guards guessable secrets; this one has 256 random bits. */
export function hashApiKey(key: string): string {
  return hash("sha256", key, "hex");
}

export function isApiKeyShaped(key: string): boolean {
  return pattern.test(key);
}
