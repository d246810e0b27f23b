import type { IncidentMessage } from "#lib/domain/notification.ts";
import { cleanMessage } from "./clean-message.ts";
import { cleanLine, cutText } from "./cut-text.ts";
import { pagerdutyLimits } from "./limits.ts";

/** PagerDuty's change event: it is shown beside incidents for 90 days and never pages. It knows no severity, image or dedup key. */
export interface PagerdutyChange {
  routing_key: string;
  payload: {
    summary: string;
    source: string;
    timestamp: string;
    custom_details: Record<string, string>;
  };
  links?: { href: string; text: string }[];
}

const { summaryLengthMax, fieldLengthMax, detailLengthMax, detailsMax } = pagerdutyLimits;

/** Each part is bounded, and all of them together lie far under the size that is taken. */
export function renderPagerdutyChange(
  unclean: IncidentMessage,
  routingKey: string,
): PagerdutyChange {
  const { title, model, workspaceName, detectedAt, change } = cleanMessage(unclean);
  const named = [model?.name ?? "", model?.environment ?? ""].filter((part) => part !== "");
  const source = named.length > 0 ? named.join("/") : change?.source || workspaceName;
  const details = {
    ...(change === undefined ? {} : { kind: change.kind }),
    ...(change?.source ? { source: change.source } : {}),
    ...(model === null ? {} : { model: model.name }),
    ...(model?.environment ? { environment: model.environment } : {}),
    ...(model?.version ? { version: model.version } : {}),
    ...Object.fromEntries(Object.entries(change?.details ?? {}).slice(0, detailsMax)),
  };
  return {
    routing_key: routingKey,
    payload: {
      summary: cutText(cleanLine(title), summaryLengthMax),
      source: cutText(cleanLine(source), fieldLengthMax) || "Plumbline",
      timestamp: detectedAt,
      custom_details: Object.fromEntries(
        Object.entries(details).map(([key, text]) => [key, cutText(text, detailLengthMax)]),
      ),
    },
    ...(change?.url == null ? {} : { links: [{ href: change.url, text: "Change" }] }),
  };
}
