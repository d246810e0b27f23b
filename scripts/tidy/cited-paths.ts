import type { Check } from "./house.ts";

const ROOM_PATH =
  /^(?:app|components|lib|db|ingest|jobs|sdk|e2e|bench|scripts|docs|public|\.ci)\/[\w@.()[\]*/-]+$/;
// Written by a run, so git never lists it.
const GENERATED = /^bench\/results\//;

type Citation = { path: string; line: number };

/** Paths that a document names: in backticks when they begin with a room, and as targets of relative links. */
function citationsOf(document: string, text: string): Citation[] {
  let isFenced = false;
  return text.split("\n").flatMap((content, index) => {
    const line = index + 1;
    if (/^\s*(```|~~~)/.test(content)) {
      isFenced = !isFenced;
      return [];
    }
    if (isFenced) return [];
    const quoted = [...content.matchAll(/`([^`]+)`/g)]
      .map(([, word = ""]) => word.replace(/:\d+$/, ""))
      .filter((word) => ROOM_PATH.test(word) && !word.includes("..."));
    const linked = [...content.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target.replace(/#.*$/, ""))
      .filter((target) => target !== "" && !/^([a-z]+:|\/)/.test(target))
      .map((target) => resolveFrom(document, target));
    return [...quoted, ...linked].map((path) => ({ path, line }));
  });
}

function resolveFrom(document: string, target: string): string {
  const parts = document.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function isThere(path: string, files: readonly string[]): boolean {
  const literal = path.replace(/\/$/, "").replace(/[.()[\]]/g, "\\$&");
  const pattern = new RegExp(
    `^${literal.replaceAll("**", "\0").replaceAll("*", "[^/]*").replaceAll("\0", ".*")}(/|$)`,
  );
  return files.some((file) => pattern.test(file));
}

export const checkCitedPaths: Check = ({ files, text }) =>
  files
    .filter((path) => path.endsWith(".md"))
    .flatMap((document) =>
      citationsOf(document, text(document))
        .filter(({ path }) => !GENERATED.test(path) && !isThere(path, files))
        .map(({ path, line }) => ({ path: document, line, message: `${path} does not exist` })),
    );
