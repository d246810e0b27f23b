export type NoteSpan =
  | { kind: "text" | "strong" | "emphasis" | "code"; text: string }
  | { kind: "link"; text: string; href: string }
  | { kind: "image"; alt: string; hash: string };

export type NoteBlock =
  | { kind: "paragraph"; spans: NoteSpan[] }
  | { kind: "list"; isOrdered: boolean; items: NoteSpan[][] }
  | { kind: "code"; text: string };

/** What a note may be made of: paragraphs, lists, code, bold, italic, links to the web and pictures of its incident. Whatever else
 *  stands there is text, HTML above all. */
export function parseNote(text: string): NoteBlock[] {
  const blocks: NoteBlock[] = [];
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  let paragraph: string[] = [];
  const endParagraph = () => {
    if (paragraph.length > 0)
      blocks.push({ kind: "paragraph", spans: parseSpans(paragraph.join("\n")) });
    paragraph = [];
  };
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? "";
    if (/^```/.test(line)) {
      endParagraph();
      const end = lines.findIndex((each, at) => at > i && /^```\s*$/.test(each));
      const until = end === -1 ? lines.length : end;
      blocks.push({ kind: "code", text: lines.slice(i + 1, until).join("\n") });
      i = until;
      continue;
    }
    const item = ITEM.exec(line);
    if (item !== null) {
      endParagraph();
      addItem(blocks, item, i > 0 && ITEM.test(lines[i - 1] ?? ""));
      continue;
    }
    if (line.trim() === "") endParagraph();
    else paragraph.push(line);
  }
  endParagraph();
  return blocks;
}

const ITEM = /^\s{0,3}(?:([-*])|(\d{1,3})[.)])\s+(.*)$/;

function addItem(blocks: NoteBlock[], item: RegExpExecArray, isNext: boolean): void {
  const isOrdered = item[2] !== undefined;
  const spans = parseSpans(item[3] ?? "");
  const last = blocks.at(-1);
  if (isNext && last?.kind === "list" && last.isOrdered === isOrdered) last.items.push(spans);
  else blocks.push({ kind: "list", isOrdered, items: [spans] });
}

// One alternative per kind, each bounded so that no text makes it look twice at much of itself.
const SPAN =
  /!\[([^\]\n]{0,200})\]\(image:([0-9a-f]{64})\)|\[([^\]\n]{1,300})\]\((https?:\/\/[^\s)]{1,2000})\)|`([^`\n]{1,1000})`|\*\*([^*\n]{1,1000})\*\*|\*([^*\n]{1,1000})\*|(https?:\/\/[^\s<>"')\]]{1,2000})/g;

function parseSpans(text: string): NoteSpan[] {
  const spans: NoteSpan[] = [];
  let from = 0;
  const addText = (until: number) => {
    if (until > from) spans.push({ kind: "text", text: text.slice(from, until) });
  };
  for (const found of text.matchAll(SPAN)) {
    addText(found.index);
    from = found.index + found[0].length;
    spans.push(toSpan(found));
  }
  addText(text.length);
  return spans;
}

function toSpan([
  whole,
  alt,
  hash,
  label,
  href,
  code,
  strong,
  emphasis,
  url,
]: RegExpMatchArray): NoteSpan {
  if (hash !== undefined) return { kind: "image", alt: alt ?? "", hash };
  if (href !== undefined) return { kind: "link", text: label ?? href, href };
  if (code !== undefined) return { kind: "code", text: code };
  if (strong !== undefined) return { kind: "strong", text: strong };
  if (emphasis !== undefined) return { kind: "emphasis", text: emphasis };
  if (url !== undefined) return { kind: "link", text: url, href: url };
  return { kind: "text", text: whole ?? "" };
}
