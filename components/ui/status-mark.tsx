import { clsx } from "clsx";

export type Status = "breach" | "watch" | "unknown" | "healthy";

const names: Record<Status, string> = {
  breach: "Breach",
  watch: "Watch",
  unknown: "Unknown",
  healthy: "Healthy",
};
const inks: Record<Status, string> = {
  breach: "text-breach",
  watch: "text-watch",
  unknown: "text-unknown",
  healthy: "text-healthy",
};

/** A shape for each state, so that none depends on its colour: diamond, triangle, hatched ring, disc. */
export function StatusShape({ status, size = 12 }: { status: Status; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      className={clsx("shrink-0", inks[status])}
      aria-hidden="true"
    >
      {shapeOf(status)}
    </svg>
  );
}

function shapeOf(status: Status) {
  switch (status) {
    case "breach":
      return <path d="M6 0.2 11.8 6 6 11.8 0.2 6Z" fill="currentColor" />;
    case "watch":
      return <path d="M6 0.8 11.8 11H0.2Z" fill="currentColor" />;
    case "unknown":
      return (
        <g stroke="currentColor" strokeWidth="1.2" fill="none">
          <circle cx="6" cy="6" r="4.9" />
          <path d="M2.4 7.4 7.4 2.4M3.2 9.6 9.6 3.2M6 10.2 10.2 6" strokeWidth="1" />
        </g>
      );
    case "healthy":
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
  }
}

export function StatusMark({ status, text }: { status: Status; text?: string }) {
  return (
    <span className={clsx("inline-flex items-center gap-1.5 whitespace-nowrap", inks[status])}>
      <StatusShape status={status} />
      <span className="font-medium">{text ?? names[status]}</span>
    </span>
  );
}
