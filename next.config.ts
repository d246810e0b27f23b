import type { NextConfig } from "next";

const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=(), payment=()" },
];

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  compress: true,
  typedRoutes: false,
  // `npm run verify` checks the types of the whole tree; once more here would only make `npm start` slower.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    "@clickhouse/client",
    "@node-rs/argon2",
    "drizzle-orm",
    "pg",
    "pg-boss",
    "pino",
    "prom-client",
    "undici",
  ],
  // The contracts are parsed in the browser too, with the words of zod that they use instead of the whole of it.
  turbopack: { resolveAlias: { zod: { browser: "./lib/domain/zod-in-browser.ts" } } },
  headers: async () => [
    { source: "/:path*", headers: securityHeaders },
    {
      source: "/:path*",
      has: [{ type: "header", key: "x-forwarded-proto", value: "https" }],
      headers: [{ key: "Strict-Transport-Security", value: "max-age=31536000; includeSubDomains" }],
    },
  ],
};

export default config;
