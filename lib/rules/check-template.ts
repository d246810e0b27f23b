import type { TemplateSection } from "#lib/domain/postmortem.ts";

/** What of a template cannot be meant, each with its place and what was expected: two sections of one key, and a kind that holds something
 *  of its own twice. */
export function checkTemplate(
  sections: readonly TemplateSection[],
): { path: string; message: string }[] {
  return sections.flatMap(({ key, kind }, index) => {
    const before = sections.slice(0, index);
    return [
      ...(before.some((one) => one.key === key)
        ? [
            {
              path: `sections.${index}.key`,
              message: `expected a key that no other section has; "${key}" is taken`,
            },
          ]
        : []),
      ...(kind !== "text" && before.some((one) => one.kind === kind)
        ? [
            {
              path: `sections.${index}.kind`,
              message: `expected "text": another section is of the kind "${kind}" already`,
            },
          ]
        : []),
    ];
  });
}
