import type { Finding, House } from "./house.ts";

/** One finding for each line of `path` that matches. */
export function findLines(
  house: House,
  path: string,
  pattern: RegExp,
  message: string | ((found: string) => string),
): Finding[] {
  return house
    .text(path)
    .split("\n")
    .flatMap((text, index) => {
      const found = pattern.exec(text);
      if (found === null) return [];
      const said = typeof message === "string" ? message : message(found[0]);
      return [{ path, line: index + 1, message: said }];
    });
}
