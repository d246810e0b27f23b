/** Anderson-Darling's test of two raw samples, with midranks, standardised; p between 0.001 and 0.25 by interpolation.
 *
 *  Definition. Scholz and Stephens (1987), equation 7 and their table of critical values at 25, 10, 5, 2.5, 1, 0.5 and 0.1 %,
 *  for two samples; ln p is a parabola through the critical values by least squares, capped at the ends of the table.
 *  Matches scipy.stats.anderson_ksamp([x, y], midrank=True).
 *  Degenerate input: fewer than two distinct values in all, or an empty side: null. */

import { twoSampleOf } from "#lib/stats/two-sample.ts";

const CRITICAL: readonly (readonly [critical: number, p: number])[] = [
  [0.675 - 0.245 - 0.105, 0.25],
  [1.281 + 0.25 - 0.305, 0.1],
  [1.645 + 0.678 - 0.362, 0.05],
  [1.96 + 1.149 - 0.391, 0.025],
  [2.326 + 1.822 - 0.396, 0.01],
  [2.573 + 2.364 - 0.345, 0.005],
  [3.085 + 3.615 - 0.154, 0.001],
];

export type AndersonDarling = { readonly statistic: number; readonly pValue: number };

export const computeAndersonDarling = (
  baseline: readonly number[],
  window: readonly number[],
): AndersonDarling | null => {
  const two = twoSampleOf(baseline, window);
  if (two === null || two.left.length < 2) return null;
  const { baselineCount: n, windowCount: m } = two;
  const total = n + m;
  let raw = 0;
  let [ofBaseline, ofWindow] = [0, 0];
  for (let k = 0; k < two.left.length; k += 1) {
    const [a, b] = [two.baseline[k] ?? 0, two.window[k] ?? 0];
    const [midA, midB, mid] = [
      ofBaseline + a / 2,
      ofWindow + b / 2,
      ofBaseline + ofWindow + (a + b) / 2,
    ];
    const weight = (a + b) / total / (mid * (total - mid) - (total * (a + b)) / 4);
    raw += weight * ((total * midA - n * mid) ** 2 / n + (total * midB - m * mid) ** 2 / m);
    ofBaseline += a;
    ofWindow += b;
  }
  const statistic = (((total - 1) / total) * raw - 1) / Math.sqrt(varianceOf(n, m));
  return { statistic, pValue: interpolate(statistic) };
};

const varianceOf = (n: number, m: number): number => {
  const total = n + m;
  let [harmonic, g] = [0, 0];
  for (let i = 1; i < total; i += 1) harmonic += 1 / i;
  let running = 0;
  for (let i = 1; i <= total - 2; i += 1) {
    running += 1 / (total - i);
    g += running / (i + 1);
  }
  const h = harmonic;
  const inverse = 1 / n + 1 / m;
  const a = 4 * g - 6 + (10 - 6 * g) * inverse;
  const b = 4 * (2 * g - 4) + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const c = 4 * (6 * h + 2 * g - 2) + 2 * (4 * h - 4 * g + 6) + (2 * h - 6) * inverse + 4 * h;
  const d = 4 * (2 * h + 6) - 8 * h;
  const cubic = a * total ** 3 + b * total ** 2 + c * total + d;
  return cubic / ((total - 1) * (total - 2) * (total - 3));
};

const interpolate = (statistic: number): number => {
  const [first, last] = [CRITICAL[0], CRITICAL[CRITICAL.length - 1]];
  if (first !== undefined && statistic < first[0]) return 0.25;
  if (last !== undefined && statistic > last[0]) return 0.001;
  const [c0, c1, c2] = fitParabola(CRITICAL.map(([x, p]) => [x, Math.log(p)] as const));
  return Math.exp(c0 + c1 * statistic + c2 * statistic * statistic);
};

/** Least squares by the normal equations, solved by Cramer's rule. */
const fitParabola = (points: readonly (readonly [number, number])[]): [number, number, number] => {
  const power = (k: number) => points.reduce((sum, [x]) => sum + x ** k, 0);
  const moment = (k: number) => points.reduce((sum, [x, y]) => sum + y * x ** k, 0);
  const [s0, s1, s2, s3, s4] = [power(0), power(1), power(2), power(3), power(4)];
  const [t0, t1, t2] = [moment(0), moment(1), moment(2)];
  const det = (
    m: readonly [number, number, number, number, number, number, number, number, number],
  ) =>
    m[0] * (m[4] * m[8] - m[5] * m[7]) -
    m[1] * (m[3] * m[8] - m[5] * m[6]) +
    m[2] * (m[3] * m[7] - m[4] * m[6]);
  const whole = det([s0, s1, s2, s1, s2, s3, s2, s3, s4]);
  return [
    det([t0, s1, s2, t1, s2, s3, t2, s3, s4]) / whole,
    det([s0, t0, s2, s1, t1, s3, s2, t2, s4]) / whole,
    det([s0, s1, t0, s1, s2, t1, s2, s3, t2]) / whole,
  ];
};
