/** The float-bit grid in SQL. A value's key is its 64 bits, turned so that keys grow with values; a bin is the key without
 *  its low bits, and is stored as its left edge, the smallest value inside it. Shift amounts must be UInt8: a signed one
 *  makes the result signed, and the order breaks. */

/** Bins of one stored profile. */
export const binCountMax = 1024;

const signBit = "9223372036854775808";
const allBits = "18446744073709551615";

export const keyOf = (bits: string) =>
  `if(${bits} >= ${signBit}, bitNot(${bits}), bitOr(${bits}, ${signBit}))`;
export const edgeOf = (key: string) =>
  `reinterpretAsFloat64(if(${key} >= ${signBit}, bitXor(${key}, ${signBit}), bitNot(${key})))`;
export const maskOf = (resolution: string) =>
  `bitShiftLeft(toUInt64(${allBits}), toUInt8(52 - ${resolution}))`;
