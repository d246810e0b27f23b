/** {{impact.predictions}} in a text is what is known of it now. One that there is not stays as it is written, so that it is seen. */
export function fillVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(pattern, (whole, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] ?? whole) : whole,
  );
}

/** Those that a text names and nobody knows, each once. */
export function unknownVariables(
  text: string,
  variables: Readonly<Record<string, string>>,
): string[] {
  const names = [...text.matchAll(pattern)].map(([, name = ""]) => name);
  return [...new Set(names)].filter((name) => !Object.hasOwn(variables, name));
}

const pattern = /\{\{\s*([a-z][a-z_]*(?:\.[a-z][a-z_]*)*)\s*\}\}/g;
