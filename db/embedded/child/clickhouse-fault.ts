/** An error as a ClickHouse server words it. */
export class ClickHouseFault extends Error {
  readonly code: number;
  readonly type: string;

  constructor(code: number, type: string, message: string) {
    super(message);
    this.code = code;
    this.type = type;
  }
}

/** Reads the engine's text. A fault inside an INSERT's file comes wrapped in a second one, and names our spool file. */
export function toFault(error: unknown): ClickHouseFault {
  if (error instanceof ClickHouseFault) return error;
  let text = error instanceof Error ? error.message : String(error);
  const nested =
    /^Code: (\d+)\. DB::Exception: (Code: \1\. DB::Exception: [\s\S]*\([A-Z0-9_]+\)) \(version [^)]*\)\. \([A-Z0-9_]+\)\s*$/.exec(
      text,
    );
  if (nested?.[2] !== undefined) text = nested[2];
  text = text.replaceAll(
    /: data for INSERT was parsed from file\.?|\n?: \(in file\/uri [^)]*\)/g,
    "",
  );
  const match = /^Code: (\d+)\. DB::Exception: ([\s\S]*?)\.? ?\(([A-Z0-9_]+)\)\s*$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) {
    return new ClickHouseFault(1002, "UNKNOWN_EXCEPTION", text);
  }
  return new ClickHouseFault(Number(match[1]), match[3], match[2]);
}

const statusByCode = new Map<number, number>([
  ...[
    6, 7, 26, 27, 33, 36, 38, 41, 42, 43, 44, 53, 62, 63, 69, 70, 72, 73, 116, 117, 128, 130, 131,
    386, 456, 457,
  ].map((code): [number, number] => [code, 400]),
  ...[16, 46, 47, 50, 56, 60, 81, 107, 115].map((code): [number, number] => [code, 404]),
  [48, 501],
  [57, 500],
  [159, 408],
  [160, 408],
  [164, 403],
  [192, 403],
  [194, 401],
  [202, 503],
  [236, 503],
  [307, 500],
  [497, 403],
  [516, 403],
]);

export function statusOf(fault: ClickHouseFault): number {
  if (fault.type === "BODY_TOO_LARGE") return 413;
  return statusByCode.get(fault.code) ?? 500;
}

export function faultText(fault: ClickHouseFault, version: string): string {
  return `Code: ${fault.code}. DB::Exception: ${fault.message}. (${fault.type}) (version ${version} (official build))\n`;
}
