"use client";

import { clsx } from "clsx";
import Link from "next/link";
import type { ReactNode } from "react";
import { useMemo } from "react";
import type { Block, Inline } from "#lib/charts/parse-markdown.ts";
import { parseMarkdown } from "#lib/charts/parse-markdown.ts";

export interface MarkdownTextProps {
  text: string;
  /** What {{name}} stands for; null: it is not known here. Left out, names are shown as they are written. */
  parameters?: Readonly<Record<string, string | null>>;
  /** Headings begin below this level of the page. */
  headingLevel?: 2 | 3;
  className?: string;
}

/** Markdown as elements: no HTML is ever made of what somebody typed. */
export function MarkdownText({ text, parameters, headingLevel = 2, className }: MarkdownTextProps) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return (
    <div className={clsx("flex min-w-0 max-w-[76ch] flex-col gap-2.5 break-words", className)}>
      <Blocks blocks={blocks} context={{ parameters, headingLevel }} />
    </div>
  );
}

interface Context {
  parameters: MarkdownTextProps["parameters"];
  headingLevel: 2 | 3;
}

/** Blocks of a text have no names; their places are their names. */
const keyed = <T,>(items: readonly T[]) => items.map((item, place) => ({ item, key: `${place}` }));

function Blocks({ blocks, context }: { blocks: readonly Block[]; context: Context }) {
  return keyed(blocks).map(({ item, key }) => (
    <BlockView key={key} block={item} context={context} />
  ));
}

function BlockView({ block, context }: { block: Block; context: Context }): ReactNode {
  switch (block.kind) {
    case "heading": {
      const Heading = headings[Math.min(4, block.level + context.headingLevel - 1) - 2] ?? "h4";
      return (
        <Heading className={clsx("font-semibold", block.level <= 2 ? "pt-2 text-base" : "text-sm")}>
          <Inlines inlines={block.children} context={context} />
        </Heading>
      );
    }
    case "paragraph":
      return (
        <p className="text-pretty">
          <Inlines inlines={block.children} context={context} />
        </p>
      );
    case "list": {
      const List = block.isOrdered ? "ol" : "ul";
      return (
        <List
          {...(block.isOrdered && { start: block.start })}
          className={clsx(
            "flex flex-col gap-1 pl-5",
            block.isOrdered ? "list-decimal" : "list-disc",
          )}
        >
          {keyed(block.items).map(({ item, key }) => (
            <li key={key}>
              <Blocks blocks={item} context={context} />
            </li>
          ))}
        </List>
      );
    }
    case "quote":
      return (
        <blockquote className="flex flex-col gap-2 border-line-strong border-l-2 pl-3 text-ink-2">
          <Blocks blocks={block.children} context={context} />
        </blockquote>
      );
    case "code":
      return (
        <pre className="whitespace-pre-wrap break-words rounded-md bg-sunken px-3 py-2 font-mono text-sm">
          <code>{fill(block.text, context)}</code>
        </pre>
      );
    case "table":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <div tabIndex={0} className="overflow-x-auto">
          <table className="text-sm">
            <thead>
              <tr>
                {keyed(block.head).map(({ item, key }) => (
                  <th key={key} scope="col" className="border-b py-1 pr-4 text-left font-medium">
                    <Inlines inlines={item} context={context} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {keyed(block.rows).map(({ item: row, key: rowKey }) => (
                <tr key={rowKey}>
                  {keyed(row).map(({ item, key }) => (
                    <td key={key} className="border-b py-1 pr-4 align-top">
                      <Inlines inlines={item} context={context} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case "rule":
      return <hr className="my-1" />;
  }
}

const headings = ["h2", "h3", "h4"] as const;

function Inlines({ inlines, context }: { inlines: readonly Inline[]; context: Context }) {
  return keyed(inlines).map(({ item, key }) => (
    <InlineView key={key} inline={item} context={context} />
  ));
}

function InlineView({ inline, context }: { inline: Inline; context: Context }): ReactNode {
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "code":
      return (
        <code className="rounded-sm bg-sunken px-1 font-mono text-[0.92em]">
          {fill(inline.text, context)}
        </code>
      );
    case "strong":
      return (
        <strong className="font-semibold">
          <Inlines inlines={inline.children} context={context} />
        </strong>
      );
    case "emphasis":
      return (
        <em>
          <Inlines inlines={inline.children} context={context} />
        </em>
      );
    case "link":
      return (
        <TextLink href={inline.href}>
          <Inlines inlines={inline.children} context={context} />
        </TextLink>
      );
    case "parameter":
      return <Parameter name={inline.name} context={context} />;
  }
}

function Parameter({ name, context: { parameters } }: { name: string; context: Context }) {
  if (parameters === undefined)
    return <code className="rounded-sm bg-selected px-1 font-mono text-[0.92em]">{name}</code>;
  const value = parameters[name] ?? null;
  if (value === null)
    return (
      <span className="text-ink-3">(no {name.replace(/^.*\./, "").replaceAll("_", " ")})</span>
    );
  return <span className="font-medium">{value}</span>;
}

const fill = (text: string, { parameters }: Context) =>
  parameters === undefined
    ? text
    : text.replaceAll(
        /\{\{\s*([a-z_.]{1,64})\s*\}\}/g,
        (written, name: string) => parameters[name] ?? written,
      );

function TextLink({ href, children }: { href: string; children: ReactNode }) {
  const className =
    "text-accent underline decoration-line-strong underline-offset-2 hover:decoration-accent";
  if (href.startsWith("/") || href.startsWith("#"))
    return (
      <Link href={href} prefetch={false} className={className}>
        {children}
      </Link>
    );
  return (
    <a href={href} target="_blank" rel="noreferrer" className={className}>
      {children}
    </a>
  );
}
