/** They keep their colours wherever they stand side by side. */
export const championColor = "var(--color-series-1)";
export const challengerColor = "var(--color-series-2)";
