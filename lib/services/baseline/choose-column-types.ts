import { z } from "zod";
import { askStaging } from "#db/clickhouse/baseline-staging.ts";
import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { StagedColumn, StagedFile } from "./stage-baseline.ts";

/** What a column's cells are, taken together. */
interface ColumnFacts {
  presentCount: number;
  numberCount: number;
  flagCount: number;
  zeroLedCount: number;
  firstNestedRow: number;
  firstTextRow: number;
  firstText: string;
  firstNotFlagRow: number;
  firstNotFlag: string;
}

export interface TypedColumn {
  column: StagedColumn;
  type: FeatureType;
  /** Nobody declared it and its cells are of several kinds: each is kept as it came. */
  isMixed: boolean;
  presentCount: number;
}

const columnsAtOnce = 50;

/** A column of numbers with a few words in it is a mistake more often than a category. */
const almostNumeric = 0.95;
const almostNumericRowsMin = 20;

/** The type of every column: what was declared, else what its cells are. A cell that does not fit is named by column and
 *  row. */
export async function chooseColumnTypes(
  client: ClickHouseClient,
  file: StagedFile,
  columns: readonly StagedColumn[],
  declared: Readonly<Record<string, FeatureType>>,
): Promise<TypedColumn[]> {
  const typed: TypedColumn[] = [];
  for (let from = 0; from < columns.length; from += columnsAtOnce) {
    const chunk = columns.slice(from, from + columnsAtOnce);
    const facts = await readFacts(client, file, chunk);
    chunk.forEach((column, i) => {
      const fact = facts[i];
      if (fact !== undefined) typed.push(chooseType(column, fact, declared[column.name]));
    });
  }
  return typed;
}

export function numberOf({ number, text }: Pick<StagedColumn, "number" | "text">): string {
  return number === null
    ? `toFloat64OrNull(trimBoth(${text}))`
    : `coalesce(${number}, toFloat64OrNull(trimBoth(${text})))`;
}

export function flagOf({ flag, text }: Pick<StagedColumn, "flag" | "text">): string {
  const read = `multiIf(lower(${text}) IN ('true', '1'), true, lower(${text}) IN ('false', '0'), false, NULL)`;
  return flag === null ? read : `coalesce(${flag}, ${read})`;
}

async function readFacts(
  client: ClickHouseClient,
  file: StagedFile,
  columns: readonly StagedColumn[],
): Promise<ColumnFacts[]> {
  // Each reading is named once, in a query of its own: repeated in every fact it costs the engine seconds of analysis.
  const cells = columns.map((column, i) => {
    const { text, number, flag, nested } = column;
    return `${text} AS text${i}, ${number ?? "NULL"} AS number${i}, ${flag ?? "NULL"} AS flag${i}, ${nested ?? "false"} AS nested${i},
      isNotNull(text${i}) AND isNull(${numberOf({ text: `text${i}`, number: number === null ? null : `number${i}` })}) AS notNumber${i},
      isNotNull(text${i}) AND isNull(${flagOf({ text: `text${i}`, flag: flag === null ? null : `flag${i}` })}) AS notFlag${i},
      substring(ifNull(text${i}, ''), 1, 60) AS start${i}`;
  });
  const facts = columns.map(
    (_, i) => `(${i}, count(text${i}), count(number${i}), count(flag${i}),
      countIf(match(start${i}, '^-?0[0-9]')), minIf(n, nested${i}),
      minIf(n, notNumber${i}), argMinIf(start${i}, n, notNumber${i}),
      minIf(n, notFlag${i}), argMinIf(start${i}, n, notFlag${i}))`,
  );
  const rows = await askStaging(
    client,
    `SELECT fact.1 AS position, fact.2 AS presentCount, fact.3 AS numberCount, fact.4 AS flagCount, fact.5 AS zeroLedCount, fact.6 AS firstNestedRow,
       fact.7 AS firstTextRow, fact.8 AS firstText, fact.9 AS firstNotFlagRow, fact.10 AS firstNotFlag
     FROM (SELECT arrayJoin([${facts.join(",\n")}]) AS fact FROM (SELECT n, ${cells.join(",\n")} FROM ${file.source})) ORDER BY position`,
    file.params,
    z.object({
      position: z.int(),
      presentCount: z.int(),
      numberCount: z.int(),
      flagCount: z.int(),
      zeroLedCount: z.int(),
      firstNestedRow: z.int(),
      firstTextRow: z.int(),
      firstText: z.string(),
      firstNotFlagRow: z.int(),
      firstNotFlag: z.string(),
    }),
  );
  return rows;
}

function chooseType(
  column: StagedColumn,
  facts: ColumnFacts,
  declared: FeatureType | undefined,
): TypedColumn {
  const { presentCount } = facts;
  if (facts.firstNestedRow > 0)
    throw cellError(
      column.name,
      facts.firstNestedRow,
      "is a list or an object, which cannot be compared",
    );
  if (declared !== undefined) {
    assertDeclared(column.name, facts, declared);
    return { column, type: declared, isMixed: false, presentCount };
  }
  const natural = naturalType(column, facts);
  const isMixed = column.isTyped && natural.isMixed;
  if (natural.type === "categorical" && !column.isTyped && isAlmostNumeric(facts)) {
    throw cellError(
      column.name,
      facts.firstTextRow,
      `is "${facts.firstText}", not a number, in a column of numbers. If the column holds categories, say so: types: {"${column.name}": "categorical"}`,
    );
  }
  return { column, type: natural.type, isMixed, presentCount };
}

function assertDeclared(name: string, facts: ColumnFacts, declared: FeatureType): void {
  switch (declared) {
    case "numeric":
      if (facts.firstTextRow > 0)
        throw cellError(name, facts.firstTextRow, `is "${facts.firstText}", not a number`);
      return;
    case "boolean":
      if (facts.firstNotFlagRow > 0)
        throw cellError(
          name,
          facts.firstNotFlagRow,
          `is "${facts.firstNotFlag}", not true or false`,
        );
      return;
    case "categorical":
    case "text":
      return;
  }
}

function naturalType(
  column: StagedColumn,
  facts: ColumnFacts,
): { type: FeatureType; isMixed: boolean } {
  const { presentCount, numberCount, flagCount, zeroLedCount } = facts;
  if (numberCount === presentCount && (column.isTyped || zeroLedCount === 0))
    return { type: "numeric", isMixed: false };
  if (flagCount === presentCount) return { type: "boolean", isMixed: false };
  const isMixed = numberCount + flagCount > 0;
  const textCount = presentCount - numberCount - flagCount;
  if (column.isTyped && numberCount > Math.max(textCount, flagCount))
    return { type: "numeric", isMixed };
  if (column.isTyped && flagCount > textCount) return { type: "boolean", isMixed };
  return { type: "categorical", isMixed };
}

function isAlmostNumeric({ presentCount, numberCount, zeroLedCount }: ColumnFacts): boolean {
  return (
    presentCount >= almostNumericRowsMin &&
    zeroLedCount === 0 &&
    numberCount >= almostNumeric * presentCount
  );
}

export function cellError(column: string, row: number, words: string): AppError {
  return new AppError("invalid_request", `Column "${column}", row ${row} ${words}.`, {
    details: [{ path: `${column}, row ${row}`, message: words }],
  });
}
