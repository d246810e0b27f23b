import type { Columns } from "../profile/cover-window.ts";
import { chooseColumns } from "../profile/cover-window.ts";

const columnsMax = 60;
/** Stored profiles that one map reads, some two seconds' work: of a wide model it has wider columns. */
const profilesMax = 60_000;

/** The columns of quality over time, of a model with so many keys. */
export const chooseQualityColumns = (
  window: { fromTime: Date; untilTime: Date },
  now: Date,
  keyCount: number,
): Columns =>
  chooseColumns(window, now, columnsMax, Math.floor(profilesMax / Math.max(1, keyCount)));
