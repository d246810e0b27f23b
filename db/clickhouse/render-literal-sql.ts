/** A statement as a person can run it anywhere: every `{name: Type}` replaced by the literal that the server would bind. For
 *  showing only; what the product runs itself stays bound. A parameter without a value is a mistake of the caller. */
export function renderLiteralSql(sql: string, params: Readonly<Record<string, unknown>>): string {
  return sql.replaceAll(/\{(\w+): (\w+)(?:\(\w+\))?\}/g, (_all, name: string, type: string) => {
    const value = params[name];
    if (value instanceof Date) {
      const text = value.toISOString().replace("T", " ").replace("Z", "");
      return `toDateTime64('${text}', 3, 'UTC')`;
    }
    if (typeof value === "number" && Number.isFinite(value)) return String(value);
    if (typeof value === "string")
      return type === "UUID" ? `toUUID(${quote(value)})` : quote(value);
    if (Array.isArray(value) && value.every((each) => typeof each === "string"))
      return `[${value.map(quote).join(", ")}]`;
    throw new TypeError(`no literal for {${name}: ${type}}`);
  });
}

const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
