/** A run of numbers and the same as words, low before high: what is counted by value and by bits. */
export type NumberRun = { readonly values: Float64Array; readonly words: Int32Array };

export const numberRunOf = (values: Float64Array): NumberRun => ({
  values,
  words: new Int32Array(values.buffer, values.byteOffset, 2 * values.length),
});

/** Of a high word: the bits that are all set in what is not finite, and in nothing else. */
export const EXPONENT_BITS = 0x7ff00000;
