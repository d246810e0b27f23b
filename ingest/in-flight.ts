import { AppError } from "#lib/domain/errors.ts";

export interface Lease {
  /** Counts more bytes towards the bound, or refuses them. */
  add(bytes: number): void;
  release(): void;
}

/** Bytes of bodies being worked on. One workspace may hold half: then the others still get in. */
export class InFlight {
  readonly #bytesMax: number;
  readonly #byWorkspace = new Map<string, number>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  lease(workspaceId: string): Lease {
    let held = 0;
    return {
      add: (bytes) => {
        const own = (this.#byWorkspace.get(workspaceId) ?? 0) + bytes;
        if (this.#bytes + bytes > this.#bytesMax) {
          throw new AppError("unavailable", "The server is working on as much as it may hold.", {
            retryAfterSeconds: 1,
          });
        }
        if (own > this.#bytesMax / 2) {
          throw new AppError(
            "limit_exceeded",
            "This workspace has too many bytes in flight; send fewer bodies at once.",
            {
              retryAfterSeconds: 1,
            },
          );
        }
        held += bytes;
        this.#bytes += bytes;
        this.#byWorkspace.set(workspaceId, own);
      },
      release: () => {
        this.#bytes -= held;
        const own = (this.#byWorkspace.get(workspaceId) ?? 0) - held;
        if (own > 0) this.#byWorkspace.set(workspaceId, own);
        else this.#byWorkspace.delete(workspaceId);
        held = 0;
      },
    };
  }
}
