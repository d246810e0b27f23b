import { Button } from "./button.tsx";

export interface ErrorStateProps {
  /** What failed: "The drift of eta could not be loaded". */
  title: string;
  detail: string;
  /** What a person can quote. */
  requestId: string | null;
  onRetry: (() => void) | null;
}

export function ErrorState({ title, detail, requestId, onRetry }: ErrorStateProps) {
  return (
    <div role="alert" className="rounded-lg border border-breach/40 bg-breach-soft px-5 py-4">
      <p className="font-medium">{title}</p>
      <p className="mt-1 max-w-[68ch] text-ink-2 text-sm">
        {detail} Nothing that was stored is lost.
      </p>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        {onRetry !== null && (
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        )}
        {requestId !== null && (
          <span className="text-ink-2 text-xs">
            Request <code className="select-all font-mono">{requestId}</code>
          </span>
        )}
      </div>
    </div>
  );
}
