import { clsx } from "clsx";

/** What stays of a name that is cut. */
const tailLength = 8;

/** A name that keeps its end where it is cut: of a thousand features many begin alike. */
export function NameText({ text, className }: { text: string; className?: string }) {
  if (text.length <= 2 * tailLength)
    return <span className={clsx("block min-w-0 truncate", className)}>{text}</span>;
  const at = text.length - tailLength;
  return (
    <span className={clsx("flex min-w-0", className)}>
      <span className="sr-only">{text}</span>
      <span aria-hidden="true" className="truncate">
        {text.slice(0, at)}
      </span>
      <span aria-hidden="true" className="shrink-0">
        {text.slice(at)}
      </span>
    </span>
  );
}
