import type { ReactNode } from "react";

/** The frame of the pages before the console: signing in and joining. */
export function DoorFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[360px] flex-col px-4 pt-[18vh] pb-12">
      <p className="mb-8 flex items-center gap-2.5 font-semibold text-ink-2">
        <PlumbMark />
        Plumbline
      </p>
      <h1 className="mb-5 font-semibold text-answer">{title}</h1>
      {children}
    </main>
  );
}

function PlumbMark() {
  return (
    <svg width="16" height="20" viewBox="0 0 16 20" aria-hidden="true" className="text-accent">
      <path d="M8 0V9" stroke="currentColor" strokeWidth="1.5" />
      <path d="M3.5 9H12.5L8 19.5Z" fill="currentColor" />
    </svg>
  );
}
