import type { Sentence, SentencePart } from "#lib/charts/sentence.ts";

const classes: Record<SentencePart["kind"], string | undefined> = {
  name: "break-words font-mono text-[0.92em]",
  figure: "tabular whitespace-nowrap",
  text: undefined,
};

/** A sentence with its names in mono and its figures set apart. */
export function SentenceText({ parts }: { parts: Sentence }) {
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence have no other identity
    <span key={index} className={classes[part.kind]}>
      {part.text}
    </span>
  ));
}
