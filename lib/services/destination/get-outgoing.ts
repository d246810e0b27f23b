import type { Outgoing, ServiceContext } from "../context.ts";

/** What seals and guards; a process that was not given it is wired wrongly. */
export function getOutgoing({ call }: ServiceContext): Outgoing {
  if (call.outgoing === undefined) throw new Error("This process was given nothing to seal with.");
  return call.outgoing;
}
