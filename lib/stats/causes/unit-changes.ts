/** The changes of unit that are looked for: y = factor x + offset, exact factors where the unit has one (NIST SP 811). */

export type UnitChange = {
  readonly factor: number;
  readonly offset: number;
  readonly name: string | null;
};

const scale = (factor: number, name: string | null = null): UnitChange => ({
  factor,
  offset: 0,
  name,
});

const bothWays = (factor: number, from: string, to: string): readonly UnitChange[] => [
  scale(factor, `${from} to ${to}`),
  scale(1 / factor, `${to} to ${from}`),
];

const powersOfTen = [1, 2, 3, 4, 6, 9].flatMap((power) => [
  scale(10 ** power),
  scale(1 / 10 ** power),
]);

export const UNIT_CHANGES: readonly UnitChange[] = [
  ...powersOfTen,
  { factor: 1.8, offset: 32, name: "°C to °F" },
  { factor: 1 / 1.8, offset: -32 / 1.8, name: "°F to °C" },
  ...bothWays(60, "minutes", "seconds"),
  ...bothWays(3600, "hours", "seconds"),
  ...bothWays(24, "days", "hours"),
  ...bothWays(1440, "days", "minutes"),
  ...bothWays(86_400, "days", "seconds"),
  ...bothWays(7, "weeks", "days"),
  ...bothWays(12, "years or feet", "months or inches"),
  ...bothWays(1024, "KiB", "bytes"),
  ...bothWays(1_048_576, "MiB", "bytes"),
  ...bothWays(1.609344, "miles", "km"),
  ...bothWays(1609.344, "miles", "m"),
  ...bothWays(1.852, "nautical miles", "km"),
  ...bothWays(1 / 0.3048, "m", "ft"),
  ...bothWays(2.54, "inches", "cm"),
  ...bothWays(1 / 0.45359237, "kg", "lb"),
  ...bothWays(28.349523125, "oz", "g"),
  ...bothWays(3.785411784, "US gallons", "l"),
  ...bothWays(3.6, "m/s", "km/h"),
  ...bothWays(3.6 / 1.609344, "m/s", "mph"),
  ...bothWays(3.6 / 1.852, "m/s", "kn"),
  ...bothWays(4.184, "kcal", "kJ"),
  ...bothWays(180 / Math.PI, "radians", "degrees"),
];
