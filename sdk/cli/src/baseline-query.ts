import { extname } from "node:path";
import { Failure } from "./failure.ts";

/** How the columns are mapped, under the names that the server reads. */
export interface Mapping {
  features?: string[];
  types?: Record<string, string>;
  prediction?: string;
  score?: string;
  label?: string;
  timestamp?: string;
  predictionId?: string;
  tags?: string[];
  ignore?: string[];
}

export interface BaselineValues {
  model?: string | undefined;
  version?: string | undefined;
  name?: string | undefined;
  format?: string | undefined;
  label?: string | undefined;
  prediction?: string | undefined;
  score?: string | undefined;
  timestamp?: string | undefined;
  id?: string | undefined;
  tags?: string | undefined;
  ignore?: string | undefined;
  features?: string | undefined;
  type?: string[] | undefined;
}

const formats: Record<string, string> = {
  ".parquet": "parquet",
  ".pq": "parquet",
  ".csv": "csv",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
};
export const contentTypes: Record<string, string> = {
  parquet: "application/vnd.apache.parquet",
  csv: "text/csv",
  ndjson: "application/x-ndjson",
};
const featureTypes = ["numeric", "categorical", "boolean", "text"];

export function formatOf(file: string, given: string | undefined): string {
  const format = given ?? formats[extname(file).toLowerCase()];
  if (format && format in contentTypes) return format;
  throw new Failure(
    2,
    given
      ? `--format ${given}: parquet, csv or ndjson`
      : `${file}: say --format parquet, csv or ndjson`,
  );
}

export function toQuery(values: BaselineValues, format: string): string {
  if (!values.model) throw new Failure(2, "--model is missing");
  const query = new URLSearchParams({
    model: values.model,
    version: values.version ?? "unversioned",
    name: values.name ?? "training",
    format,
    mapping: JSON.stringify(toMapping(values)),
  });
  return query.toString();
}

function toMapping(values: BaselineValues): Mapping {
  const { prediction, score, label, timestamp } = values;
  return {
    ...(values.features && { features: toList(values.features) }),
    ...(values.type && { types: toTypes(values.type) }),
    ...(prediction && { prediction }),
    ...(score && { score }),
    ...(label && { label }),
    ...(timestamp && { timestamp }),
    ...(values.id && { predictionId: values.id }),
    ...(values.tags && { tags: toList(values.tags) }),
    ...(values.ignore && { ignore: toList(values.ignore) }),
  };
}

const toList = (text: string) =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

function toTypes(pairs: string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf("=");
      const type = pair.slice(at + 1);
      if (at < 1 || !featureTypes.includes(type))
        throw new Failure(
          2,
          `--type ${pair}: write COLUMN=TYPE, with one of ${featureTypes.join(", ")}`,
        );
      return [pair.slice(0, at), type];
    }),
  );
}
