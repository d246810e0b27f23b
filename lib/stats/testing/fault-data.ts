/** Real columns to plant faults in: flights of the United States in 2001, and hourly bicycle rentals of 2011 and 2012. */
import type { Column, DataSet } from "#lib/stats/testing/planted-faults.ts";

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** [departure in ms, delay in minutes, distance in miles, origin, destination] */
export type FlightRow = readonly [number, number, number, string, string];

export function flightColumns(rows: readonly FlightRow[]): Column[] {
  const date = (ms: number) => new Date(Number(ms));
  return [
    { name: "delay", kind: "numeric", values: rows.map((row) => row[1]) },
    { name: "distance", kind: "numeric", values: rows.map((row) => row[2]) },
    { name: "hour", kind: "numeric", values: rows.map((row) => date(row[0]).getUTCHours()) },
    {
      name: "minute_of_day",
      kind: "numeric",
      values: rows.map((row) => date(row[0]).getUTCHours() * 60 + date(row[0]).getUTCMinutes()),
    },
    { name: "origin", kind: "categorical", values: rows.map((row) => row[3]) },
    { name: "destination", kind: "categorical", values: rows.map((row) => row[4]) },
    {
      name: "weekday",
      kind: "categorical",
      values: rows.map((row) => weekdays[date(row[0]).getUTCDay()] ?? ""),
    },
  ];
}

/** From the rows of hour.csv. */
export function bikesFrom(csv: string): DataSet {
  const [head = "", ...lines] = csv.trim().split("\n");
  const names = head.trim().split(",");
  const cells = lines.map((line) => line.trim().split(","));
  const at = (name: string) => {
    const place = names.indexOf(name);
    if (place < 0) throw new Error(`hour.csv has no column ${name}`);
    return cells.map((row) => row[place] ?? "");
  };
  const numeric = ["temp", "atemp", "hum", "windspeed", "casual", "registered", "cnt"];
  const hours = at("hr").map(Number);
  return {
    name: "bikes",
    times: at("dteday").map((day, i) => Date.parse(day) + (hours[i] ?? 0) * 3_600_000),
    columns: [
      ...numeric.map((name): Column => ({ name, kind: "numeric", values: at(name).map(Number) })),
      { name: "weathersit", kind: "categorical", values: at("weathersit").map((x) => `w${x}`) },
      { name: "weekday", kind: "categorical", values: at("weekday").map((x) => `day${x}`) },
    ],
    baselineDays: 90,
    windowDays: 28,
  };
}
