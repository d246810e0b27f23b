import Link from "next/link";
import type { ReactNode } from "react";
import type { Answer } from "#lib/charts/sentence.ts";
import { SentenceText } from "../ui/sentence-text.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { StatusShape } from "../ui/status-mark.tsx";

export interface Crumb {
  label: string;
  href: string | null;
  isMono?: boolean;
}

export interface PageHeaderProps {
  crumbs: readonly Crumb[];
  controls?: ReactNode;
  asOf?: ReactNode;
  tabs?: ReactNode;
  /** null while it is not known yet. */
  answer: Answer | null;
  /** What the reader must know before believing the figures. */
  notice?: ReactNode;
  /** The question could not be answered; what failed is said below. */
  isFailed?: boolean;
}

const healthWords = {
  breach: "Breach: ",
  watch: "Watch: ",
  unknown: "Unknown: ",
  healthy: "Healthy: ",
} as const;

/** Where I am, what there is to turn, and the answer. */
export function PageHeader({
  crumbs,
  controls,
  asOf,
  tabs,
  answer,
  notice,
  isFailed = false,
}: PageHeaderProps) {
  return (
    <header className="border-b">
      <div className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-2 px-6 pt-2.5 max-sm:px-4">
        <nav aria-label="Where I am" className="flex min-w-0 items-center gap-1.5 text-sm">
          {crumbs.map((crumb, index) => (
            <span key={crumb.label} className="flex min-w-0 items-center gap-1.5">
              {index > 0 && (
                <span aria-hidden className="text-ink-3">
                  /
                </span>
              )}
              <CrumbText crumb={crumb} />
            </span>
          ))}
        </nav>
        {controls !== undefined && (
          <div className="ml-auto flex min-w-0 flex-wrap items-center gap-2 max-sm:order-last max-sm:ml-0 max-sm:w-full">
            {controls}
          </div>
        )}
        {asOf !== undefined && (
          <div className={controls === undefined ? "ml-auto" : "max-sm:ml-auto"}>{asOf}</div>
        )}
      </div>
      {tabs}
      <div className="flex min-h-[88px] gap-3 px-6 pt-4 pb-4 max-sm:px-4">
        {answer === null && isFailed && (
          <>
            <span className="pt-1.5">
              <StatusShape status="unknown" size={16} />
            </span>
            <div>
              <h1 className="font-semibold text-answer tracking-[-0.011em] max-sm:text-lg">
                Cannot say: the figures did not come.
              </h1>
              <p className="mt-1 text-base text-ink-2">
                What failed stands below, with a way to try again.
              </p>
            </div>
          </>
        )}
        {answer === null && !isFailed && (
          <div className="w-full" role="status" aria-label="Loading">
            <Skeleton className="mt-1 h-5 w-[min(36rem,80%)]" />
            <Skeleton className="mt-3.5 h-3.5 w-[min(28rem,60%)]" />
          </div>
        )}
        {answer !== null && (
          <>
            {answer.health !== null && (
              <span className="pt-1.5">
                <StatusShape status={answer.health} size={16} />
              </span>
            )}
            <div className="min-w-0 max-w-[92ch]">
              <h1 className="text-pretty font-semibold text-answer tracking-[-0.011em] max-sm:text-lg">
                {answer.health !== null && (
                  <span className="sr-only">{healthWords[answer.health]}</span>
                )}
                <SentenceText parts={answer.headline} />
              </h1>
              <p className="mt-1 text-pretty text-base text-ink-2">
                <SentenceText parts={answer.detail} />
              </p>
            </div>
          </>
        )}
      </div>
      {notice}
    </header>
  );
}

function CrumbText({ crumb }: { crumb: Crumb }) {
  const mono = crumb.isMono === true ? " font-mono" : "";
  if (crumb.href === null)
    return (
      <span aria-current="page" className={`truncate font-medium${mono}`}>
        {crumb.label}
      </span>
    );
  return (
    <Link
      href={crumb.href}
      prefetch={false}
      className={`truncate text-ink-2 hover:text-ink hover:underline${mono}`}
    >
      {crumb.label}
    </Link>
  );
}

/** The room under the header. */
export function PageBody({ children }: { children: ReactNode }) {
  return <div className="flex flex-col gap-8 px-6 py-5 max-sm:px-4">{children}</div>;
}
