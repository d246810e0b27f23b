import { describe, expect, test } from "vitest";
import type { TemplateValues } from "./fill-template.ts";
import { defaultTemplate, fillTemplate, refuseTemplate } from "./fill-template.ts";

const values: TemplateValues = {
  run_id: "r1",
  action: "retrain",
  is_test: false,
  requested_at: "2026-01-01T00:00:00.000Z",
  requested_by: "Ada",
  reason: 'x", "is_test": true, "y": "\\',
  callback_url: "https://example.com/r1",
  incident: 4,
  incident_title: "eta drifts",
  incident_url: null,
  severity: "sev2",
  cause_class: "data_drift",
  model: 'et"a',
  environment: "production",
  segment_key: null,
  segment_value: null,
  impact_started_at: null,
};

describe("a template", () => {
  test("has each name as a JSON value, and what people wrote can't change its form", () => {
    expect(JSON.parse(fillTemplate(defaultTemplate, values))).toEqual({
      type: "action.run",
      timestamp: "2026-01-01T00:00:00.000Z",
      data: {
        run_id: "r1",
        action: "retrain",
        is_test: false,
        model: 'et"a',
        environment: "production",
        incident: 4,
        incident_url: null,
        cause_class: "data_drift",
        reason: values.reason,
        requested_by: "Ada",
        callback_url: "https://example.com/r1",
      },
    });
  });

  test("within a string has a name as text, and nothing for null", () => {
    const template =
      '{"ref": "main", "note": "\\"{{ model }}\\" by {{reason}}{{segment_key}}", "n": {{incident}}}';
    expect(JSON.parse(fillTemplate(template, values))).toEqual({
      ref: "main",
      note: `"et"a" by ${values.reason}`,
      n: 4,
    });
  });

  test.each([
    ['{"a": {{modle}}}', "names {{modle}}, which there is not"],
    ['{"a": {{model}}', "is no JSON once its names are filled in"],
    ['{"a": {{toString}}}', "names {{toString}}, which there is not"],
  ])("%s is refused: %s", (template, why) => {
    expect(refuseTemplate(template)).toBe(why);
  });

  test("that is the default can be used", () => {
    expect(refuseTemplate(defaultTemplate)).toBeNull();
  });
});
