/** A number rounded to decimal digits, exact halves to the even digit, as Python's round does on floats.
 *
 *  Definition. Of the multiples of 10^-digits the nearest to the float's exact value; where two are as near, the one whose
 *  last digit is even. Negative digits round to tens, hundreds and so on. Matches round(x, digits) of Python.
 *  Degenerate input: NaN, infinities and numbers from 10^21 up come back as they are. */
export const roundHalfEven = (value: number, digits: number): number => {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return value;
  if (digits < 0) {
    const unit = 10 ** -digits;
    const whole = roundHalfEven(value / unit, 0);
    return whole * unit;
  }
  // toFixed is exact, and takes the larger of two that are as near.
  const exact = Math.abs(value).toFixed(100);
  const cut = exact.indexOf(".") + 1 + digits;
  const isHalf = digits < 100 && /^50*$/.test(exact.slice(cut));
  const kept = exact.slice(0, digits === 0 ? cut - 1 : cut);
  const isKeptEven = /[02468]\.?$/.test(kept);
  const rounded = isHalf && isKeptEven ? Number(kept) : Number(Math.abs(value).toFixed(digits));
  return Math.sign(value) * rounded;
};
