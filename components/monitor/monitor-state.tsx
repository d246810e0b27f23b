import type { MonitorState } from "#lib/api/monitor.ts";
import { StatusMark } from "../ui/status-mark.tsx";

export function MonitorStateMark({ state, text }: { state: MonitorState; text?: string }) {
  if (state === "off") return <span className="text-ink-3">Off</span>;
  return <StatusMark status={state} {...(text !== undefined && { text })} />;
}
