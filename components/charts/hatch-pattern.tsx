/** What is not known is hatched, in every drawing alike. */
export function HatchPattern({ id }: { id: string }) {
  return (
    <pattern
      id={id}
      width="5"
      height="5"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="5" height="5" fill="var(--color-unknown-soft)" />
      <line
        x1="0"
        y1="0"
        x2="0"
        y2="5"
        stroke="var(--color-unknown)"
        strokeWidth="1.5"
        strokeOpacity="0.4"
      />
    </pattern>
  );
}
