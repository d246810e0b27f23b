import type { Columns } from "../profile/cover-window.ts";
import { chooseColumns } from "../profile/cover-window.ts";

const heatColumnsMax = 60;
/** Half a day of five minutes: from there on hours are read, which hold a day in a twelfth of the bins. */
const heatBucketsMax = 144;
const dayMs = 86_400_000;
const wholeDaysMin = 3;

/** The columns of drift over time. From three days on a column is whole days: a reference holds every hour of the day,
 *  and a column of some hours differs from it by its hours alone. */
export function chooseHeatColumns(window: { fromTime: Date; untilTime: Date }, now: Date): Columns {
  const days = (window.untilTime.getTime() - window.fromTime.getTime()) / dayMs;
  // A window that begins within a day touches one day more than it is long.
  const columnsMax =
    days < wholeDaysMin ? heatColumnsMax : Math.min(heatColumnsMax, Math.ceil(days) + 1);
  return chooseColumns(window, now, columnsMax, heatBucketsMax);
}
