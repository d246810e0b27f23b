export interface DescribedChange {
  action: string;
  fields: { name: string; before: string | null; after: string }[];
}

const charactersMax = 200;

/** A row of the audit log in words: what was done, and each field from what to what. */
export function describeChange({
  action,
  before,
  after,
}: {
  action: string;
  before?: unknown;
  after?: unknown;
}): DescribedChange {
  const old = toFields(before);
  const now = toFields(after);
  const fields = [...now].flatMap(([name, value]) => {
    const was = old.get(name);
    if (was === value) return [];
    return [{ name, before: was ?? null, after: value }];
  });
  return { action: action.replace(/^incident\./, "").replaceAll(/[._]/g, " "), fields };
}

function toFields(value: unknown): Map<string, string> {
  if (typeof value !== "object" || value === null) return new Map();
  return new Map(Object.entries(value).map(([name, part]) => [name, say(part)]));
}

function say(part: unknown): string {
  if (part === null || part === undefined) return "nothing";
  const text = typeof part === "string" ? part : JSON.stringify(part);
  return text.length > charactersMax ? `${text.slice(0, charactersMax - 1)}…` : text;
}
