import { clsx } from "clsx";

/** A tab's look, apart from the tabs themselves: links that look so need none of their script. */
export const tabClass = (isActive: boolean) =>
  clsx(
    "-mb-px flex h-9 items-center whitespace-nowrap border-b-2 text-sm",
    isActive
      ? "border-accent font-medium text-ink"
      : "border-transparent text-ink-2 hover:border-line-strong hover:text-ink",
  );
