import { hash, randomBytes } from "node:crypto";

/** 256 random bits, stored as their SHA-256 alone. */
export function mintInvitationToken(): { token: string; tokenHash: string } {
  const token = randomBytes(32).toString("base64url");
  return { token, tokenHash: hashInvitationToken(token) };
}

export function hashInvitationToken(token: string): string {
  return hash("sha256", token, "hex");
}
