"use client";

const headBytes = 65_536;
const columnsMax = 2_000;

export type FileFormat = "parquet" | "csv" | "ndjson";

export function formatOf(fileName: string): FileFormat | null {
  const name = fileName.toLowerCase().replace(/\.(gz|zst)$/, "");
  if (name.endsWith(".parquet") || name.endsWith(".pq")) return "parquet";
  if (name.endsWith(".csv")) return "csv";
  return /\.(ndjson|jsonl)$/.test(name) ? "ndjson" : null;
}

/** The column names of a text file, to choose from; of a Parquet or packed file they are typed in. */
export async function readColumns(file: File): Promise<string[]> {
  const format = formatOf(file.name);
  if (format === null || format === "parquet" || /\.(gz|zst)$/i.test(file.name)) return [];
  const head = await file.slice(0, headBytes).text();
  const [line = ""] = head.replace(/^\uFEFF/, "").split(/\r?\n/, 1);
  return (format === "csv" ? splitCsv(line) : keysOf(line)).slice(0, columnsMax);
}

function splitCsv(line: string): string[] {
  const fields = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  return fields
    .map((field) => field.replace(/,$/, "").trim())
    .map((field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field))
    .filter((field) => field !== "");
}

function keysOf(line: string): string[] {
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === "object" && row !== null ? Object.keys(row) : [];
  } catch {
    return [];
  }
}
