import type { SeriesColor } from "#lib/charts/time-series-model.ts";

/** Chart colours are the theme's custom properties, so that a drawing follows light and dark by itself. */
export const colorOf = (color: SeriesColor): string => `var(--color-${color})`;
