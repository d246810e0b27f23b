/** The names that a template may use, each with what it is. */
export const templateNames = {
  run_id: "the run's id, which is its key",
  action: "the action's slug",
  is_test: "true where somebody pressed Send test",
  requested_at: "when it was asked for",
  requested_by: "who asked for it",
  reason: "why, in their words",
  callback_url: "where the outcome is reported",
  incident: "the incident's number, or null",
  incident_title: "the incident's title",
  incident_url: "the incident's page",
  severity: "sev1 to sev5",
  cause_class: "such as data_drift",
  model: "the model's name, or null",
  environment: "such as production",
  segment_key: "of an incident of one segment",
  segment_value: "of an incident of one segment",
  impact_started_at: "when it began, or null",
} as const;
export type TemplateName = keyof typeof templateNames;
export type TemplateValues = Readonly<Record<TemplateName, string | number | boolean | null>>;

/** By Standard Webhooks: type, moment, data. */
export const defaultTemplate = `{
  "type": "action.run",
  "timestamp": {{requested_at}},
  "data": {
    "run_id": {{run_id}},
    "action": {{action}},
    "is_test": {{is_test}},
    "model": {{model}},
    "environment": {{environment}},
    "incident": {{incident}},
    "incident_url": {{incident_url}},
    "cause_class": {{cause_class}},
    "reason": {{reason}},
    "requested_by": {{requested_by}},
    "callback_url": {{callback_url}}
  }
}`;

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;

const isName = (text: string): text is TemplateName => Object.hasOwn(templateNames, text);

/** Each name becomes a JSON value, so that nothing that a person wrote can change the body's form. Within a string it is spelled without
 *  quotes: "retrain {{model}}". */
export function fillTemplate(template: string, values: TemplateValues): string {
  let filled = "";
  let isInString = false;
  let from = 0;
  for (const match of template.matchAll(placeholder)) {
    const between = template.slice(from, match.index);
    isInString = endsInString(between, isInString);
    const name = match[1] ?? "";
    const value = isName(name) ? values[name] : null;
    const json = JSON.stringify(value);
    const text = value === null ? "" : JSON.stringify(String(value)).slice(1, -1);
    filled += between + (isInString ? text : json);
    from = match.index + match[0].length;
  }
  return filled + template.slice(from);
}

/** Why a template can't be used; null where it can. */
export function refuseTemplate(template: string): string | null {
  for (const [, name = ""] of template.matchAll(placeholder))
    if (!isName(name)) return `names {{${name}}}, which there is not`;
  try {
    JSON.parse(fillTemplate(template, sampleValues));
    return null;
  } catch {
    return "is no JSON once its names are filled in";
  }
}

function endsInString(text: string, wasInString: boolean): boolean {
  let isInString = wasInString;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\" && isInString) at += 1;
    else if (text[at] === '"') isInString = !isInString;
  }
  return isInString;
}

const sampleValues: TemplateValues = {
  run_id: "00000000-0000-4000-8000-000000000000",
  action: "retrain",
  is_test: false,
  requested_at: "2026-01-01T00:00:00.000Z",
  requested_by: 'a "person"',
  reason: "why\n",
  callback_url: "https://example.com",
  incident: 1,
  incident_title: "title",
  incident_url: null,
  severity: "sev2",
  cause_class: "data_drift",
  model: "eta",
  environment: "production",
  segment_key: null,
  segment_value: null,
  impact_started_at: null,
};
