import type { ReactNode } from "react";

/** One thing in one state, with the name that a picture of it has. */
export function Specimen({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section data-specimen={name} className="min-w-0 border-t py-5">
      <p className="mb-3 font-mono text-2xs text-ink-3">{name}</p>
      {children}
    </section>
  );
}
