/** The float-bit grid in SQL. A value's key is its 64 bits, turned so that keys grow with values; a bin is the key without
 *  its low bits, and is stored as its left edge, the smallest value inside it. Shift amounts must be UInt8: a signed one
 *  makes the result signed, and the order breaks. */

/** Bins of one stored profile. */
export const binCountMax = 1024;

export const signBit = "9223372036854775808";
const allBits = "18446744073709551615";
/** Keys of finite values lie between these; what is below is -inf or a negative NaN, what is above +inf or NaN. */
export const finiteKeyMin = "4503599627370496";
export const infinityKey = "18442240474082181120";
export const quietBit = "2251799813685248";
export const exponentBits = "9218868437227405312";

export const keyOf = (bits: string) =>
  `if(${bits} >= ${signBit}, bitNot(${bits}), bitOr(${bits}, ${signBit}))`;
export const edgeOf = (key: string) =>
  `reinterpretAsFloat64(if(${key} >= ${signBit}, bitXor(${key}, ${signBit}), bitNot(${key})))`;
export const maskOf = (resolution: string) =>
  `bitShiftLeft(toUInt64(${allBits}), toUInt8(52 - ${resolution}))`;
