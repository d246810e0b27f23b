import { describe, expect, test } from "vitest";
import type { NoteSpan } from "./parse-note.ts";
import { parseNote } from "./parse-note.ts";

const hash = "a".repeat(64);
const spansOf = (text: string): NoteSpan[] => {
  const [block] = parseNote(text);
  return block?.kind === "paragraph" ? block.spans : [];
};

describe("a note", () => {
  test("has paragraphs, lists, code and pictures", () => {
    const text = `The feed **broke**.\nIt sends *kilometres*.\n\n- one\n- \`two\`\n1. three\n\n\`\`\`sql\nSELECT 1\n\`\`\`\n![plot](image:${hash})`;
    expect(parseNote(text)).toEqual([
      {
        kind: "paragraph",
        spans: [
          { kind: "text", text: "The feed " },
          { kind: "strong", text: "broke" },
          { kind: "text", text: ".\nIt sends " },
          { kind: "emphasis", text: "kilometres" },
          { kind: "text", text: "." },
        ],
      },
      {
        kind: "list",
        isOrdered: false,
        items: [[{ kind: "text", text: "one" }], [{ kind: "code", text: "two" }]],
      },
      { kind: "list", isOrdered: true, items: [[{ kind: "text", text: "three" }]] },
      { kind: "code", text: "SELECT 1" },
      { kind: "paragraph", spans: [{ kind: "image", alt: "plot", hash }] },
    ]);
  });

  test("links to the web", () => {
    expect(spansOf("see [the run](https://ci.example/1) or https://a.example/b.")).toEqual([
      { kind: "text", text: "see " },
      { kind: "link", text: "the run", href: "https://ci.example/1" },
      { kind: "text", text: " or " },
      { kind: "link", text: "https://a.example/b.", href: "https://a.example/b." },
    ]);
  });

  test.each([
    ["a script in a link", "[x](javascript:alert(1))"],
    ["data in a link", "[x](data:text/html,1)"],
    ["HTML", "<img src=x onerror=alert(1)>"],
    ["a picture from elsewhere", "![x](image:../../secret)"],
    ["a picture by a name that is no hash", "![x](image:ABC)"],
    ["a lone asterisk", "2 * 3"],
    ["nothing that closes", "**bold"],
  ])("takes %s as text", (_, text) => {
    expect(spansOf(text).map(({ kind }) => kind)).toEqual(["text"]);
    expect(spansOf(text)).toEqual([{ kind: "text", text }]);
  });

  test("of 10,000 signs of any kind is read at once", () => {
    for (const sign of ["*", "`", "[", "![", "](", "http://"]) {
      const text = sign.repeat(10_000 / sign.length);
      const startedMs = performance.now();
      parseNote(text);
      expect(performance.now() - startedMs).toBeLessThan(500);
    }
  });

  test("loses no word", () => {
    const text = "a **b** c `d` e\n\nlast";
    const said = parseNote(text).flatMap((block) =>
      block.kind === "paragraph"
        ? block.spans.map((span) => ("text" in span ? span.text : ""))
        : [],
    );
    expect(said.join("")).toBe("a b c d elast");
  });
});
