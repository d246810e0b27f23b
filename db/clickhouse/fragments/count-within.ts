import { keyOf, maskOf } from "../statements/float-bits.ts";
import { allEdges } from "./all-edges.ts";

const keyOfValue = (value: string) => keyOf(`reinterpretAsUInt64(${value} + 0)`);

/** How many values of a profile's histogram are no greater than a bound: at least (their bin ends before it) and at most (it begins
 *  before it). `bound` is a parameter's placeholder. */
export function countWithin(bound: string): { least: string; most: string } {
  const isWithin = `if(resolution = 52 AND zero_floor = 0, e <= ${bound},
          if(e = 0, zero_floor <= ${bound}, ${keyOfValue("e")} < bitAnd(${keyOfValue(bound)}, ${maskOf("resolution")})))`;
  return {
    least: `sum(if(maximum <= ${bound}, numeric_count, toUInt64(arraySum((e, c) -> if(${isWithin}, c, 0), ${allEdges}, counts))))`,
    most: `sum(if(minimum > ${bound}, 0, toUInt64(arraySum((e, c) -> if(e <= ${bound}, c, 0), ${allEdges}, counts))))`,
  };
}
