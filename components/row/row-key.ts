/** One prediction among those of its model: the id alone may be shared by a champion and a shadow. */
export const rowKey = (row: {
  environment: string;
  version: string;
  predictionId: string;
}): string => `${row.environment}/${row.version}/${row.predictionId}`;
