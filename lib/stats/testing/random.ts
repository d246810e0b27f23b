/** Normal numbers from a seeded generator, for simulations that must repeat. */
export { seededRandom } from "#lib/stats/seeded-random.ts";

export const normalFrom = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
