import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Block, Inline } from "./parse-markdown.ts";
import { parseInline, parseMarkdown } from "./parse-markdown.ts";

const text = (words: string) => ({ kind: "text", text: words });

describe("blocks", () => {
  const kinds = (source: string) => parseMarkdown(source).map(({ kind }) => kind);

  test("of every kind are told apart", () => {
    const source =
      "# A\n\nB\nc\n- d\n- e\n\n> f\n\n---\n\n```sql\nSELECT 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |";
    expect(kinds(source)).toEqual([
      "heading",
      "paragraph",
      "list",
      "quote",
      "rule",
      "code",
      "table",
    ]);
  });

  test("a list has its start, and lists within", () => {
    expect(parseMarkdown("3. a\n4. b\n   - c")).toMatchObject([
      {
        kind: "list",
        isOrdered: true,
        start: 3,
        items: [
          [{ kind: "paragraph", children: [text("a")] }],
          [{ kind: "paragraph" }, { kind: "list", isOrdered: false }],
        ],
      },
    ]);
  });

  test("an unclosed fence reaches to the end, and its text is kept as it is", () => {
    expect(parseMarkdown("```\n<b>*a*")).toEqual([{ kind: "code", language: "", text: "<b>*a*" }]);
  });
});

describe("within a line", () => {
  const cases: [string, unknown[]][] = [
    ["a **b** c", [text("a "), { kind: "strong", children: [text("b")] }, text(" c")]],
    [
      "*a* _b_",
      [
        { kind: "emphasis", children: [text("a")] },
        text(" "),
        { kind: "emphasis", children: [text("b")] },
      ],
    ],
    ["snake_case_name", [text("snake_case_name")]],
    ["`a*b*`", [{ kind: "code", text: "a*b*" }]],
    ["2 * 3 * 4", [text("2 * 3 * 4")]],
    ["\\*a\\*", [text("*a*")]],
    ["{{incident.model}}", [{ kind: "parameter", name: "incident.model" }]],
    [
      "[a](https://x.example/y)",
      [{ kind: "link", href: "https://x.example/y", children: [text("a")] }],
    ],
    ["[a](/w/x)", [{ kind: "link", href: "/w/x", children: [text("a")] }]],
    ["[a](javascript:alert(1))", [text("[a](javascript:alert(1))")]],
    ["[a](//evil.example)", [text("[a](//evil.example)")]],
    ["[a](data:text/html,x)", [text("[a](data:text/html,x)")]],
    ["<script>alert(1)</script>", [text("<script>alert(1)</script>")]],
    ["**a", [text("**a")]],
    ["", []],
  ];
  test.each(cases)("%s", (source, found) => expect(parseInline(source)).toEqual(found));
});

const hrefs = (inlines: readonly Inline[]): string[] =>
  inlines.flatMap((one) => {
    if (one.kind === "link") return [one.href, ...hrefs(one.children)];
    return "children" in one ? hrefs(one.children) : [];
  });
const hrefsOf = (blocks: readonly Block[]): string[] =>
  blocks.flatMap((block): string[] => {
    switch (block.kind) {
      case "heading":
      case "paragraph":
        return hrefs(block.children);
      case "list":
        return block.items.flatMap(hrefsOf);
      case "quote":
        return hrefsOf(block.children);
      case "table":
        return [...block.head, ...block.rows.flat()].flatMap(hrefs);
      case "code":
      case "rule":
        return [];
    }
    return [];
  });

test("whatever is written is read, and no link of it leads to what runs", () => {
  const piece = fc.constantFrom(
    ...[
      "[a](javascript:x)",
      "[a](https://b)",
      "*",
      "**",
      "_",
      "`",
      "> ",
      "- ",
      "1. ",
      "\n",
      "\n\n",
    ],
    ...["|a|b|", "|---|---|", "```", "<a href=x>", "{{", "}}", "  ", "\\", "#", "data:", "](", "["],
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 120 }),
      (words) => {
        for (const href of hrefsOf(parseMarkdown(words.join(""))))
          expect(href).toMatch(/^(https?:\/\/|mailto:|\/(?!\/)|#)/i);
      },
    ),
  );
});

test.each(["**a ", "*a ", "`a", "[a](", "> ", "- ", "{{a"])(
  "60,000 characters of %j are read in less than five seconds",
  (piece) => {
    const source = piece.repeat(Math.floor(60_000 / piece.length));
    const startedMs = performance.now();
    parseMarkdown(source);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  },
);
