import { ErrorState } from "../ui/error-state.tsx";

/** What stands where a page could not be drawn. */
export function BrokenPage({ digest, onRetry }: { digest: string | null; onRetry: () => void }) {
  return (
    <main className="mx-auto max-w-xl px-4 py-16">
      <ErrorState
        title="This page could not be drawn"
        detail="That is a fault of the console, not of your data."
        requestId={digest}
        onRetry={onRetry}
      />
    </main>
  );
}
