import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);

const envSchema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  CLICKHOUSE_URL: z.url({ protocol: /^https?$/ }),
  /** Where a person's browser finds the console. */
  PLUMBLINE_URL: z.url().default("http://localhost:3000"),
  /** Where web passes /v1 on to. */
  PLUMBLINE_INGEST_URL: z.url().default("http://127.0.0.1:4319"),
  PLUMBLINE_INGEST_HOST: z.string().default("127.0.0.1"),
  PLUMBLINE_INGEST_PORT: port.default(4319),
  PLUMBLINE_WORKER_PORT: port.default(4320),
  /** The write-ahead log and spooled uploads; one ingest process a folder. */
  PLUMBLINE_DATA_DIR: z.string().min(1).default(".plumbline"),
  /** Signs sessions, and seals the secrets of destinations; at least 32 characters. */
  PLUMBLINE_SECRET: z.string().min(32),
  PLUMBLINE_WAL_BYTES_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(2 * 1024 ** 3),
  /** Hosts in private networks that messages may be sent to all the same, and without TLS; separated by commas. */
  PLUMBLINE_ALLOWED_PRIVATE_HOSTS: z
    .string()
    .default("")
    .transform((text) => text.split(",").flatMap((host) => host.trim().toLowerCase() || [])),
  /** Called once a minute while all that is due is done: a service outside sounds an alarm when it is not. */
  PLUMBLINE_HEARTBEAT_URL: z.url({ protocol: /^https?$/ }).optional(),
  PLUMBLINE_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug"]).default("info"),
  /** Moves every process's clock; tests only, refused in production. */
  PLUMBLINE_CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
  PLUMBLINE_GALLERY: z.enum(["on", "off"]).default("off"),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
});

export type Env = z.infer<typeof envSchema>;

/** Reads the environment once, at a process's root; a process with a bad one does not start. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const parsed = envSchema.safeParse(source);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The environment is not complete:\n${lines.join("\n")}`);
  }
  if (parsed.data.NODE_ENV === "production" && parsed.data.PLUMBLINE_CLOCK_OFFSET_MS !== 0) {
    throw new Error("PLUMBLINE_CLOCK_OFFSET_MS is for tests; it is refused in production.");
  }
  return parsed.data;
}

/** next-auth asks process.env for the address that it answers at, and takes it from nowhere else. */
export function tellNextAuth(env: Env): void {
  process.env.NEXTAUTH_URL = env.PLUMBLINE_URL;
}
