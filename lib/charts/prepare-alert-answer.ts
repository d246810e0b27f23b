import type { AlertList } from "#lib/api/alert.ts";
import type { Answer } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

/** What fires now, and what of it pages nobody since something else explains it. */
export function prepareAlertAnswer({ alerts, next }: AlertList): Answer {
  const firing = alerts.filter(({ state }) => state === "firing");
  const [newest] = firing;
  if (newest === undefined)
    return {
      health: alerts.length === 0 ? null : "healthy",
      headline: sentence`No alert fires${alerts.length === 0 ? "" : " among those shown"}.`,
      detail: sentence`An alert is a monitor's finding that holds until its values are clear again; missing data clears nothing.`,
    };
  const explained = firing.filter(({ incident }) => incident?.role === "explained").length;
  const blind = firing.filter(({ unknown }) => unknown !== null).length;
  const more = next === null ? "" : " or more";
  return {
    health: "watch",
    headline: sentence`${figure(String(firing.length))}${more} ${plural(firing.length, "alert fires", "alerts fire")}; the newest is on ${newest.target}${newest.model === null ? "" : sentence` of ${name(newest.model)}`}.`,
    detail: sentence`${figure(String(explained))} ${plural(explained, "is", "are")} explained by another one. ${figure(String(blind))} can't be judged right now, and ${plural(blind, "stays", "stay")} as ${plural(blind, "it is", "they are")}.`,
  };
}
