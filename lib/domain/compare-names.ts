const collator = new Intl.Collator("en", { numeric: true });

/** The order in which people look for names: feature_2 before feature_10. Names that differ are never alike. */
export const compareNames = (a: string, b: string): number => {
  const order = collator.compare(a, b);
  if (order !== 0 || a === b) return order;
  return a < b ? -1 : 1;
};
