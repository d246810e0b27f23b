import type { Socket } from "node:net";
import { connect, createServer } from "node:net";

export interface Gate {
  /** The store's URL, through the gate. */
  url: string;
  /** Cuts every connection and refuses new ones, as a store that is away does. */
  close(): void;
  open(): void;
  /** Of so many connections the answer is cut off once a request of some size went through. */
  swallowAnswers(count: number): void;
  swallowed(): number;
  stop(): Promise<void>;
}

/** Requests smaller than this are not inserts. */
const insertBytesMin = 1_000;

/** Stands between ingest and a real store, so that the store can be away for one process without being so for the others. */
export async function startGate(target: string): Promise<Gate> {
  const url = new URL(target);
  const { hostname, port } = url;
  const sockets = new Set<Socket>();
  let isOpen = true;
  let toSwallow = 0;
  let swallowed = 0;
  const server = createServer((client) => {
    if (!isOpen) {
      client.destroy();
      return;
    }
    const store = connect(Number(port), hostname);
    let sentBytes = 0;
    client.on("data", (chunk: Buffer) => {
      sentBytes += chunk.length;
    });
    client.pipe(store);
    store.on("data", (chunk: Buffer) => {
      if (toSwallow > 0 && sentBytes >= insertBytesMin) {
        toSwallow--;
        swallowed++;
        client.destroy();
        store.destroy();
        return;
      }
      sentBytes = 0;
      client.write(chunk);
    });
    for (const [socket, other] of [
      [client, store],
      [store, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url.hostname = "127.0.0.1";
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    close() {
      isOpen = false;
      cut();
    },
    open() {
      isOpen = true;
    },
    swallowAnswers(count) {
      toSwallow = count;
    },
    swallowed: () => swallowed,
    stop() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
