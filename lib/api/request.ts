import { z } from "zod";

/** RFC 9457, as every door answers when it can't do what was asked. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
  errors: z
    .array(
      z.object({
        path: z.string(),
        message: z.string(),
        expected: z.string().optional(),
        received: z.string().optional(),
      }),
    )
    .optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** A problem as the browser carries it; `problem.requestId` is what a person can quote. */
export class RequestError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = "RequestError";
    this.problem = problem;
  }
}

export interface RequestOptions<T extends z.ZodType> {
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  body?: unknown;
  /** Sent as it is, in the stead of a body. */
  file?: Blob;
  output: T;
  signal?: AbortSignal | undefined;
}

/** Calls the management API and parses what it answers; throws RequestError for any status but 2xx. */
export async function requestJson<T extends z.ZodType>(
  options: RequestOptions<T>,
): Promise<z.output<T>> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined) search.set(name, String(value));
  }
  const suffix = search.size > 0 ? `?${search.toString()}` : "";
  const response = await fetch(`/api/v1${options.path}${suffix}`, {
    method: options.method ?? "GET",
    ...toBody(options),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (!response.ok) throw new RequestError(await toProblem(response));
  if (response.status === 204) return options.output.parse(undefined);
  return options.output.parse(await response.json());
}

function toBody({ file, body }: { file?: Blob; body?: unknown }) {
  if (file !== undefined)
    return { headers: { "content-type": file.type || "application/octet-stream" }, body: file };
  if (body === undefined) return {};
  return { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

async function toProblem(response: Response): Promise<Problem> {
  const parsed = problemSchema.safeParse(await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  return {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    code: "unavailable",
    detail: `The server answered ${response.status} without saying why.`,
  };
}

export const workspacePath = (workspace: string) => `/workspaces/${encodeURIComponent(workspace)}`;
export const modelPath = (workspace: string, model: string) =>
  `${workspacePath(workspace)}/models/${encodeURIComponent(model)}`;
