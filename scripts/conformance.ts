import { openConformance } from "#db/testing/conformance/conformance-case.ts";
import { conformanceCases } from "#db/testing/conformance/conformance-cases.ts";

// npm run conformance -- http://user:password@host:8123/default [--embedded]
const url = process.argv.slice(2).find((argument) => !argument.startsWith("--"));
const isEmbedded = process.argv.includes("--embedded");
if (url === undefined) {
  console.error(
    "Usage: npm run conformance -- http://user:password@host:8123/default [--embedded]",
  );
  process.exit(2);
}

const context = await openConformance(url);
let failures = 0;
for (const one of conformanceCases) {
  if (one.isEmbeddedOnly && !isEmbedded) continue;
  const startedAt = performance.now();
  try {
    await one.run(context);
    console.log(`ok    ${one.name} (${Math.round(performance.now() - startedAt)} ms)`);
  } catch (error) {
    failures++;
    console.log(
      `FAIL  ${one.name}\n      ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
await context.close();
console.log(
  failures === 0
    ? "Everything on the list holds."
    : `${failures} of ${conformanceCases.length} do not hold.`,
);
process.exitCode = failures === 0 ? 0 : 1;
