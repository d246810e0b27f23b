/** Bounds of the data plane's contract; the message of a refusal quotes them. */
export const wireLimits = {
  bodyBytesMax: 32 * 1024 * 1024,
  decompressedBytesMax: 64 * 1024 * 1024,
  rowsPerBodyMax: 50_000,
  rowBytesMax: 1024 * 1024,
  depthMax: 8,
  nameBytesMax: 128,
  predictionIdBytesMax: 128,
  stringValueBytesMax: 8 * 1024,
  featuresPerRowMax: 2_000,
  tagsPerRowMax: 50,
  classesPerRowMax: 1_000,
  embeddingsPerRowMax: 8,
  embeddingDimensionsMax: 4_096,
  futureMsMax: 10 * 60 * 1000,
} as const;

export const segmentLimits = { keysMax: 10, valuesPerKeyMax: 100 } as const;

export const baselineLimits = {
  /** How long the engine may work on one file. */
  importSecondsMax: 1_800,
  fileBytesMax: 2 * 1024 * 1024 * 1024,
  columnsMax: 2_000,
  /** Fewer: every cell is looked up among the keys of its row, so the work of a row grows with the square of its columns. */
  ndjsonColumnsMax: 500,
} as const;

/** The engine is silent until an insert is done: whoever asks must outwait it, or the insert goes on without anyone who knows. */
export const importRequestTimeoutMs = (baselineLimits.importSecondsMax + 60) * 1000;

/** In days; null keeps for ever. */
export const retentionDefaults = {
  rawDays: 90,
  profile5mDays: 14,
  profile1hDays: 400,
  profile1dDays: null,
} as const;
