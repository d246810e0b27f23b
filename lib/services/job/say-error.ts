const causesMax = 5;
const charactersMax = 1_000;

/** An error and what caused it, in one line. */
export function sayError(error: unknown): string {
  const said: string[] = [];
  let current: unknown = error;
  for (let i = 0; i < causesMax && current !== undefined && current !== null; i += 1) {
    said.push(current instanceof Error ? current.message : String(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  return said
    .filter((part) => part !== "")
    .join(", because: ")
    .replaceAll(/\s+/g, " ")
    .slice(0, charactersMax);
}
