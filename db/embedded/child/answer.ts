import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { createGzip, createZstdCompress } from "node:zlib";
import { giveBack } from "../../give-back.ts";
import type { ClickHouseFault } from "./clickhouse-fault.ts";
import { faultText, statusOf } from "./clickhouse-fault.ts";
import type { HttpCall } from "./http-call.ts";

export interface Summary {
  readRows: number;
  readBytes: number;
  writtenRows: number;
  writtenBytes: number;
  resultRows: number;
  resultBytes: number;
  elapsedNs: number;
}

/** A reader that takes nothing for so long has gone away without saying so. */
const stallMsMax = 60_000;
const exceptionTag = randomBytes(8).toString("hex");

export class Answer {
  readonly #response: ServerResponse;
  readonly #version: string;
  #out: Writable;
  #encoding: HttpCall["responseEncoding"];

  constructor(response: ServerResponse, version: string) {
    this.#response = response;
    this.#version = version;
    this.#out = response;
    response.setHeader("Content-Type", "text/plain; charset=UTF-8");
    response.setHeader("X-ClickHouse-Server-Display-Name", "plumbline-embedded");
    response.setHeader("X-ClickHouse-Timezone", "UTC");
  }

  describe(call: HttpCall): void {
    this.#response.setHeader(
      "X-ClickHouse-Query-Id",
      call.queryId.replaceAll(/[^\x20-\x7e]/g, "?"),
    );
    this.#encoding = call.responseEncoding;
  }

  begin(format: string, summary: Partial<Summary>): void {
    this.#response.setHeader("X-ClickHouse-Format", format);
    this.#response.setHeader("Content-Type", contentType(format));
    this.#response.setHeader("X-ClickHouse-Summary", summaryText(summary));
    this.#response.setHeader("X-ClickHouse-Exception-Tag", exceptionTag);
    if (this.#encoding !== undefined) {
      this.#response.setHeader("Content-Encoding", this.#encoding);
      const encoder = this.#encoding === "gzip" ? createGzip({ level: 1 }) : createZstdCompress();
      encoder.pipe(this.#response);
      this.#out = encoder;
    }
    this.#response.writeHead(200);
  }

  /** The answer is in a file, whole. */
  beginFile(format: string, path: string, summary: Partial<Summary>): void {
    this.#response.setHeader("X-Plumbline-Answer-File", encodeURIComponent(path));
    this.begin(format, summary);
  }

  /** Takes the chunk over. */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.#response.destroyed) throw new Error("The client went away");
    if (this.#out.write(chunk)) return;
    const stalled = AbortSignal.timeout(stallMsMax);
    const gone = new AbortController();
    const onClose = () => gone.abort();
    this.#response.once("close", onClose);
    try {
      await once(this.#out, "drain", { signal: AbortSignal.any([stalled, gone.signal]) });
      // Nothing waits to be sent then.
      giveBack(chunk);
    } catch (error) {
      this.#response.destroy();
      throw error;
    } finally {
      this.#response.off("close", onClose);
    }
  }

  end(): void {
    this.#out.end();
  }

  fail(fault: ClickHouseFault): void {
    const text = faultText(fault, this.#version);
    if (this.#response.destroyed) return;
    if (this.#response.headersSent) {
      const message = `${text.trimEnd()}\n`;
      this.#out.end(
        `\r\n__exception__\r\n${exceptionTag}\r\n${message}${Buffer.byteLength(message)} ${exceptionTag}\r\n__exception__\r\n`,
      );
      return;
    }
    this.#response.setHeader("X-ClickHouse-Exception-Code", fault.code);
    this.#response.setHeader("Content-Type", "text/plain; charset=UTF-8");
    this.#response.removeHeader("Content-Encoding");
    this.#response.writeHead(statusOf(fault));
    this.#response.end(text);
  }
}

function summaryText(summary: Partial<Summary>): string {
  return JSON.stringify({
    read_rows: String(summary.readRows ?? 0),
    read_bytes: String(summary.readBytes ?? 0),
    written_rows: String(summary.writtenRows ?? 0),
    written_bytes: String(summary.writtenBytes ?? 0),
    total_rows_to_read: "0",
    result_rows: String(summary.resultRows ?? 0),
    result_bytes: String(summary.resultBytes ?? 0),
    elapsed_ns: String(summary.elapsedNs ?? 0),
  });
}

function contentType(format: string): string {
  if (/^JSON.*EachRow/.test(format)) return "application/x-ndjson; charset=UTF-8";
  if (format.startsWith("JSON")) return "application/json; charset=UTF-8";
  if (/^(TSV|TabSeparated)/.test(format)) return "text/tab-separated-values; charset=UTF-8";
  if (format.startsWith("CSV")) return "text/csv; charset=UTF-8";
  if (/^(RowBinary|Native|Parquet|Arrow|ORC|Avro|RawBLOB)/.test(format))
    return "application/octet-stream";
  return "text/plain; charset=UTF-8";
}
