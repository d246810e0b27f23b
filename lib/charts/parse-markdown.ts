/** The part of markdown that a runbook is written in. There is no raw HTML and no image: what is not known is text. */
export type Inline =
  | { kind: "text" | "code"; text: string }
  | { kind: "strong" | "emphasis"; children: readonly Inline[] }
  | { kind: "link"; href: string; children: readonly Inline[] }
  /** {{name}}, to be filled in. */
  | { kind: "parameter"; name: string };

export type Block =
  | { kind: "heading"; level: 1 | 2 | 3 | 4; children: readonly Inline[] }
  | { kind: "paragraph"; children: readonly Inline[] }
  | { kind: "list"; isOrdered: boolean; start: number; items: readonly (readonly Block[])[] }
  | { kind: "quote"; children: readonly Block[] }
  | { kind: "code"; language: string; text: string }
  | { kind: "table"; head: readonly Inline[][]; rows: readonly Inline[][][] }
  | { kind: "rule" };

const depthMax = 6;

export function parseMarkdown(text: string, depth = 0): Block[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    if ((lines[at] ?? "").trim() === "") {
      at += 1;
      continue;
    }
    const read = readBlock(lines, at, depth);
    blocks.push(read.block);
    at = read.next;
  }
  return blocks;
}

interface Read {
  block: Block;
  next: number;
}

function readBlock(lines: readonly string[], at: number, depth: number): Read {
  return (
    readFence(lines, at) ??
    readHeading(lines, at) ??
    readRule(lines, at) ??
    readQuote(lines, at, depth) ??
    readList(lines, at, depth) ??
    readTable(lines, at) ??
    readParagraph(lines, at, depth)
  );
}

const fence = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;

export interface Fence {
  mark: string;
  info: string;
}

/** The fence that a line opens. */
export function openedFence(line: string): Fence | null {
  const [, mark, info = ""] = fence.exec(line) ?? [];
  return mark === undefined ? null : { mark, info: info.trim() };
}

export function closesFence(line: string, { mark }: Fence): boolean {
  const text = line.trim();
  return text.length >= mark.length && [...text].every((letter) => letter === mark[0]);
}

function readFence(lines: readonly string[], at: number): Read | null {
  const opened = openedFence(lines[at] ?? "");
  if (opened === null) return null;
  const rest = lines.slice(at + 1);
  const length = rest.findIndex((line) => closesFence(line, opened));
  const body = length === -1 ? rest : rest.slice(0, length);
  return {
    block: { kind: "code", language: opened.info, text: body.join("\n") },
    next: at + 1 + body.length + (length === -1 ? 0 : 1),
  };
}

function readHeading(lines: readonly string[], at: number): Read | null {
  const [, marks, text = ""] = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(lines[at] ?? "") ?? [];
  if (marks === undefined) return null;
  const level = levels[marks.length - 1] ?? 4;
  return { block: { kind: "heading", level, children: parseInline(text) }, next: at + 1 };
}

const levels = [1, 2, 3, 4] as const;

function readRule(lines: readonly string[], at: number): Read | null {
  const isRule = /^ {0,3}([-*_])(\s*\1){2,}\s*$/.test(lines[at] ?? "");
  return isRule ? { block: { kind: "rule" }, next: at + 1 } : null;
}

function readQuote(lines: readonly string[], at: number, depth: number): Read | null {
  if (depth >= depthMax || !/^ {0,3}>/.test(lines[at] ?? "")) return null;
  let next = at;
  while (next < lines.length && /^ {0,3}>/.test(lines[next] ?? "")) next += 1;
  const inner = lines.slice(at, next).map((line) => line.replace(/^ {0,3}> ?/, ""));
  return {
    block: { kind: "quote", children: parseMarkdown(inner.join("\n"), depth + 1) },
    next,
  };
}

const item = /^( {0,3})(?:([-*+])|(\d{1,9})[.)])(\s+)(.*)$/;

function readList(lines: readonly string[], at: number, depth: number): Read | null {
  const first = item.exec(lines[at] ?? "");
  if (first === null || depth >= depthMax) return null;
  const isOrdered = first[3] !== undefined;
  const items: string[][] = [];
  let next = at;
  let indent = 0;
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? "";
    const found = item.exec(line);
    const isOwn = found !== null && (found[3] !== undefined) === isOrdered;
    if (isOwn && (items.length === 0 || (found[1] ?? "").length < indent)) {
      indent = line.length - (found[5] ?? "").length;
      items.push([found[5] ?? ""]);
      continue;
    }
    if (found !== null && !isOwn && (found[1] ?? "").length < indent) break;
    const current = items.at(-1);
    const isIndented = line.startsWith(" ".repeat(indent)) || /^\s{2,}\S/.test(line);
    const follows = (lines[next - 1] ?? "").trim() !== "";
    if (line.trim() === "") {
      const after = lines.slice(next + 1).find((one) => one.trim() !== "");
      const goesOn = after !== undefined && (/^\s{2,}\S/.test(after) || item.test(after));
      if (!goesOn) break;
      current?.push("");
    } else if (isIndented) current?.push(line.replace(new RegExp(`^ {0,${indent}}`), ""));
    else if (follows && !startsBlock(line)) current?.push(line.trim());
    else break;
  }
  return {
    block: {
      kind: "list",
      isOrdered,
      start: Number(first[3] ?? 1),
      items: items.map((one) => parseMarkdown(one.join("\n"), depth + 1)),
    },
    next,
  };
}

const cellsOf = (line: string) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => parseInline(cell.trim()));

function readTable(lines: readonly string[], at: number): Read | null {
  const head = lines[at] ?? "";
  if (
    !head.includes("|") ||
    !/^\s*\|?(\s*:?-{3,}:?\s*\|)+\s*(:?-{3,}:?\s*)?$/.test(lines[at + 1] ?? "")
  )
    return null;
  let next = at + 2;
  while (next < lines.length && (lines[next] ?? "").includes("|")) next += 1;
  return {
    block: { kind: "table", head: cellsOf(head), rows: lines.slice(at + 2, next).map(cellsOf) },
    next,
  };
}

const startsBlock = (line: string) =>
  /^ {0,3}(#{1,6}\s|>|`{3,}|~{3,})/.test(line) ||
  /^ {0,3}([-*_])(\s*\1){2,}\s*$/.test(line) ||
  item.test(line);

function readParagraph(lines: readonly string[], at: number, depth: number): Read {
  let next = at + 1;
  // Too deep for a list or a quote, their marks are text.
  const ends = depth >= depthMax ? () => false : startsBlock;
  while (next < lines.length && (lines[next] ?? "").trim() !== "" && !ends(lines[next] ?? ""))
    next += 1;
  const text = lines
    .slice(at, next)
    .map((line) => line.trim())
    .join(" ");
  return { block: { kind: "paragraph", children: parseInline(text) }, next };
}

/** What is marked is at most a paragraph long: a mark that is never closed costs no more than that. */
const rules: { pattern: RegExp; make(match: RegExpExecArray, depth: number): Inline | null }[] = [
  {
    pattern: /^\\([\\`*_{}[\]()#+.!|>~-])/,
    make: ([, letter = ""]) => ({ kind: "text", text: letter }),
  },
  {
    pattern: /^\{\{\s*([a-z_.]{1,64})\s*\}\}/,
    make: ([, name = ""]) => ({ kind: "parameter", name }),
  },
  {
    pattern: /^(`+)([^`][\s\S]{0,400}?)\1(?!`)/,
    make: ([, , text = ""]) => ({ kind: "code", text }),
  },
  {
    pattern: /^\*\*(?=\S)([\s\S]{0,400}?\S)\*\*/,
    make: ([, text = ""], depth) => ({ kind: "strong", children: parseInline(text, depth + 1) }),
  },
  {
    pattern: /^([*_])(?=[^\s*_])([\s\S]{0,400}?[^\s*_])\1(?![\w*])/,
    make: ([, , text = ""], depth) => ({
      kind: "emphasis",
      children: parseInline(text, depth + 1),
    }),
  },
  {
    pattern: /^\[([^\]\n]{1,500})\]\(([^()\s]{1,2000})\)/,
    make: ([, text = "", href = ""], depth) =>
      isSafeAddress(href) ? { kind: "link", href, children: parseInline(text, depth + 1) } : null,
  },
  {
    pattern: /^<(https?:\/\/[^\s<>]{1,2000})>/,
    make: ([, href = ""]) => ({ kind: "link", href, children: [{ kind: "text", text: href }] }),
  },
];

/** A page of the web, of mail, or of this console: nothing that runs. */
function isSafeAddress(href: string): boolean {
  return (
    /^https?:\/\/\S+$/i.test(href) || /^mailto:\S+$/i.test(href) || /^(\/(?!\/)|#)\S*$/.test(href)
  );
}

export function parseInline(text: string, depth = 0): Inline[] {
  const found: Inline[] = [];
  const add = (plain: string) => {
    const last = found.at(-1);
    if (last?.kind === "text") last.text += plain;
    else found.push({ kind: "text", text: plain });
  };
  if (depth >= depthMax) return text === "" ? [] : [{ kind: "text", text }];
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const read = /^[\\{`*_[<]/.test(rest) ? readInline(rest, depth, text[at - 1]) : null;
    if (read === null) {
      const plain = /^[\\{`*_[<]?[^\\{`*_[<]*/.exec(rest)?.[0] ?? rest;
      add(plain);
      at += Math.max(1, plain.length);
    } else {
      if (read.inline.kind === "text") add(read.inline.text);
      else found.push(read.inline);
      at += read.length;
    }
  }
  return found;
}

function readInline(rest: string, depth: number, before: string | undefined) {
  // snake_case is a name.
  if (rest.startsWith("_") && before !== undefined && /\w/.test(before)) return null;
  for (const { pattern, make } of rules) {
    const match = pattern.exec(rest);
    if (match === null) continue;
    const inline = make(match, depth);
    if (inline !== null) return { inline, length: match[0].length };
  }
  return null;
}
