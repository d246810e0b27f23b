import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Seals what is secret before it is stored: AES-256-GCM with a fresh nonce each time, under a key derived from the product's secret.
 *  `place` names the row, and opens nothing in any other. */
export interface SecretSealer {
  seal(text: string, place: string): string;
  /** Throws when the product's secret is another one, or the row was tampered with. */
  open(sealed: string, place: string): string;
}

const format = "v1";
const nonceBytes = 12;
const tagBytes = 16;

export function createSealer(secret: string): SecretSealer {
  const key = Buffer.from(hkdfSync("sha256", secret, "plumbline", "secrets of destinations", 32));
  return {
    seal(text, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(place));
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      const parts = [nonce, sealed, cipher.getAuthTag()].map((part) => part.toString("base64"));
      return [format, ...parts].join(".");
    },
    open(sealed, place) {
      const [version, nonce = "", body = "", tag = ""] = sealed.split(".");
      if (version !== format) throw new SealBroken();
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"), {
          authTagLength: tagBytes,
        });
        decipher.setAAD(Buffer.from(place));
        decipher.setAuthTag(Buffer.from(tag, "base64"));
        const opened = [decipher.update(Buffer.from(body, "base64")), decipher.final()];
        return Buffer.concat(opened).toString("utf8");
      } catch {
        throw new SealBroken();
      }
    },
  };
}

export class SealBroken extends Error {
  constructor() {
    super(
      "What was sealed can't be opened: PLUMBLINE_SECRET is not the one that it was sealed with.",
    );
    this.name = "SealBroken";
  }
}
