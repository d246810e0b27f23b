import { imageUrl } from "#lib/api/timeline.ts";
import type { NoteBlock, NoteSpan } from "#lib/charts/parse-note.ts";
import { parseNote } from "#lib/charts/parse-note.ts";

export interface NoteTextProps {
  workspace: string;
  number: number;
  text: string;
}

/** A note as it was meant: a little markdown, and the pictures of its incident. */
export function NoteText({ workspace, number, text }: NoteTextProps) {
  const show = (spans: readonly NoteSpan[]) => (
    <Spans spans={spans} srcOf={(hash) => imageUrl(workspace, number, hash)} />
  );
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {parseNote(text).map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of one note have no other identity
        <Block key={i} block={block} show={show} />
      ))}
    </div>
  );
}

function Block({
  block,
  show,
}: {
  block: NoteBlock;
  show: (spans: readonly NoteSpan[]) => React.ReactNode;
}) {
  switch (block.kind) {
    case "paragraph":
      return <p className="whitespace-pre-wrap text-pretty break-words">{show(block.spans)}</p>;
    case "code":
      return (
        <pre className="overflow-x-auto rounded-md border bg-raised px-2.5 py-1.5 font-mono text-xs">
          {block.text}
        </pre>
      );
    case "list": {
      const List = block.isOrdered ? "ol" : "ul";
      return (
        <List className={block.isOrdered ? "list-decimal pl-5" : "list-disc pl-5"}>
          {block.items.map((item, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the items of one list have no other identity
            <li key={i} className="break-words">
              {show(item)}
            </li>
          ))}
        </List>
      );
    }
  }
}

function Spans({ spans, srcOf }: { spans: readonly NoteSpan[]; srcOf: (hash: string) => string }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the spans of one text have no other identity
  return spans.map((span, i) => <Span key={`${i} ${span.kind}`} span={span} srcOf={srcOf} />);
}

function Span({ span, srcOf }: { span: NoteSpan; srcOf: (hash: string) => string }) {
  switch (span.kind) {
    case "text":
      return <span>{span.text}</span>;
    case "strong":
      return <strong>{span.text}</strong>;
    case "emphasis":
      return <em>{span.text}</em>;
    case "code":
      return <code className="rounded-sm bg-raised px-1 font-mono text-[0.92em]">{span.text}</code>;
    case "link":
      return (
        <a
          href={span.href}
          target="_blank"
          rel="noreferrer"
          className="break-all text-accent hover:underline"
        >
          {span.text}
        </a>
      );
    case "image":
      return (
        <a href={srcOf(span.hash)} target="_blank" rel="noreferrer" className="block">
          {/* biome-ignore lint/performance/noImgElement: it is served to whoever may see the incident, never by the optimiser */}
          <img
            src={srcOf(span.hash)}
            alt={span.alt === "" ? "picture" : span.alt}
            loading="lazy"
            className="mt-1 max-h-72 max-w-full rounded-md border"
          />
        </a>
      );
  }
}
