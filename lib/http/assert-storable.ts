import { AppError } from "#lib/domain/errors.ts";

/** Refuses text that no store takes, a NUL or half of a surrogate pair, with its place; keys count as well as values. */
export function assertStorable(input: unknown): void {
  const open: { value: unknown; path: string }[] = [{ value: input, path: "" }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === "string") refuse(value, path);
    else if (typeof value === "object" && value !== null)
      for (const [key, part] of Object.entries(value)) {
        const at = path === "" ? key : `${path}.${key}`;
        refuse(key, path);
        open.push({ value: part, path: at });
      }
  }
}

function refuse(text: string, path: string): void {
  if (text.isWellFormed() && !text.includes("\u0000")) return;
  const message = "expected text without NUL and without half of a surrogate pair";
  throw new AppError("invalid_request", `\`${path}\` holds what can't be stored: ${message}.`, {
    details: [{ path, message, received: "string" }],
  });
}
