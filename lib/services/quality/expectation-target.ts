/** How the audit log names the expectation of one feature. */
export const expectationTarget = {
  kind: "feature_expectation",
  id: (modelId: string, feature: string) => `${modelId}/${feature}`,
} as const;
