import { sayCost, sayDetection, sayLeftOut } from "#lib/charts/name-postmortem.ts";
import type { Detection } from "#lib/domain/postmortem.ts";
import { Badge } from "../ui/badge.tsx";
import { TimeText } from "../ui/time-text.tsx";

/** What would have fired, how soon, and at what cost. */
export function DetectionTable({ detection }: { detection: Detection }) {
  return (
    <div className="min-w-0">
      <div className="overflow-x-auto rounded-lg border">
        <table className="w-full text-sm">
          <caption className="sr-only">What would have found it, the soonest first</caption>
          <thead className="text-left text-ink-2 text-xs">
            <tr>
              <th scope="col" className="h-9 border-b px-3 font-medium">
                Monitor
              </th>
              <th scope="col" className="border-b px-3 font-medium">
                In this incident
              </th>
              <th scope="col" className="border-b px-3 font-medium">
                False alerts
              </th>
            </tr>
          </thead>
          <tbody>
            {detection.rows.map((row) => (
              <tr key={row.id} className="align-top [&:not(:last-child)>*]:border-b">
                <th scope="row" className="px-3 py-2 text-left font-medium">
                  {row.name} {row.kind === "candidate" && <Badge>considered</Badge>}
                </th>
                <td className="px-3 py-2">
                  {sayDetection(row)}
                  {row.firedAt !== null && (
                    <span className="block text-ink-3 text-xs">
                      <TimeText iso={row.firedAt} isAbsolute />
                    </span>
                  )}
                </td>
                <td className="tabular px-3 py-2 text-ink-2">
                  {sayCost(row)}
                  {row.limit !== null && (
                    <span className="block text-ink-3 text-xs">{row.limit}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {detection.rows.length === 0 && (
          <p className="px-3 py-4 text-ink-2 text-sm">
            No monitor watches the model. Consider settings to see what would have found it.
          </p>
        )}
      </div>
      <p className="mt-1.5 text-ink-3 text-xs">
        Replayed <TimeText iso={detection.replayedAt} isAbsolute /> over stored history. What fired
        before the impact began counts as false.
        {detection.leftOutCount > 0 && ` ${sayLeftOut(detection)}`}
      </p>
    </div>
  );
}
