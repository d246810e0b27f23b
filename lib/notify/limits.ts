/** Of PagerDuty's Events API v2: its documentation, and what it answers when they are broken. */
export const pagerdutyLimits = {
  bodyBytesMax: 512_000,
  dedupKeyLengthMax: 255,
  summaryLengthMax: 1_024,
  /** Ours: it gives none, and a page is read on a phone. */
  fieldLengthMax: 255,
  detailLengthMax: 1_024,
  detailAlertsMax: 50,
  detailsMax: 20,
} as const;

/** Of Slack's Block Kit and message fields. Past one of the first five the whole message is refused. */
export const slackLimits = {
  blocksMax: 50,
  textObjectLengthMax: 3_000,
  headerLengthMax: 150,
  fieldsMax: 10,
  fieldLengthMax: 2_000,
  contextElementsMax: 10,
  actionElementsMax: 25,
  buttonTextLengthMax: 75,
  buttonValueLengthMax: 2_000,
  buttonUrlLengthMax: 3_000,
  confirmTitleLengthMax: 100,
  confirmTextLengthMax: 300,
  confirmButtonLengthMax: 30,
  idLengthMax: 255,
  messageTextLengthMax: 4_000,
  /** Ours: what a person still reads. */
  alertsMax: 10,
} as const;

/** Standard Webhooks advises a body under 20 kB. */
export const webhookLimits = { bodyBytesMax: 20_000, alertsMax: 50 } as const;

/** Alertmanager gives none; receivers do. */
export const alertmanagerLimits = { alertsMax: 100, textLengthMax: 2_000 } as const;

export const emailLimits = { subjectLengthMax: 200, alertsMax: 50, bodyBytesMax: 200_000 } as const;

/** Of what a person wrote that goes into any message. */
export const messageLimits = {
  titleLengthMax: 1_000,
  textLengthMax: 4_000,
  nameLengthMax: 300,
  /** The rest is counted by firingCount and resolvedCount. */
  alertsMax: 100,
} as const;

/** A receiver that has not answered by then is told again: 15 to 30 s by Standard Webhooks. */
export const sendLimits = {
  timeoutMs: 15_000,
  connectTimeoutMs: 5_000,
  answerBytesMax: 16_384,
} as const;
