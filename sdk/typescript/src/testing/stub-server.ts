import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export interface Received {
  path: string;
  headers: IncomingMessage["headers"];
  raw: string;
  rows: Record<string, unknown>[];
}

type Behaviour = (received: Received, response: ServerResponse) => void;

const answer = (
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
) => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
};

const accept: Behaviour = ({ rows }, response) =>
  answer(response, 202, { accepted: rows.length, rejected: [] });

export const status =
  (code: number, headers: Record<string, string> = {}, body?: object): Behaviour =>
  (_received, response) =>
    answer(response, code, body ?? { detail: `stub says ${code}` }, headers);

export const reject =
  (indexes: number[]): Behaviour =>
  ({ rows }, response) => {
    const rejected = indexes.map((index) => ({
      index,
      prediction_id: rows[index]?.prediction_id,
      code: "wrong_type",
      path: "features.x",
      message: "an object is no feature",
    }));
    const accepted = rows.length - rejected.length;
    answer(response, accepted > 0 ? 202 : 422, { accepted, rejected });
  };

export const largerThan =
  (rowCount: number): Behaviour =>
  (received, response) =>
    received.rows.length > rowCount
      ? answer(response, 413, { detail: "the body is too large" })
      : accept(received, response);

export const reset: Behaviour = (_received, response) => {
  response.socket?.resetAndDestroy();
};

export const hang: Behaviour = () => {};

/** A data plane that misbehaves on request: each POST takes the next behaviour, then `always`. */
export async function startStub(behaviours: Behaviour[] = [], always: Behaviour = accept) {
  const received: Received[] = [];
  const left = [...behaviours];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const isGzip = request.headers["content-encoding"] === "gzip";
    const text = (isGzip ? gunzipSync(raw) : raw).toString();
    const rows = text.split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    const one = {
      path: request.url ?? "",
      headers: request.headers,
      raw: raw.toString("base64"),
      rows,
    };
    received.push(one);
    (left.shift() ?? always)(one, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    get rows() {
      return received.flatMap((one) => one.rows);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
