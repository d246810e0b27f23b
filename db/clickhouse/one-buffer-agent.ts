import type { ClientRequestArgs } from "node:http";
import { Agent } from "node:http";
import type { TcpNetConnectOpts } from "node:net";
import { createConnection } from "node:net";

const bufferBytes = 64 * 1024;

/** An agent whose connections read into one buffer each. By default every read makes a new one of 64 kB; of an answer of hundreds of megabytes
 *  they are nothing but garbage, and what is made outside the heap has the collector go through all of the heap. The
 *  parser copies what belongs to a body (held by a test), so that a buffer may be written over at the next read. */
export class OneBufferAgent extends Agent {
  override createConnection(options: ClientRequestArgs) {
    const socket = createConnection({
      // Safe: the agent asks for a host and a port, or a path, as `net` does.
      ...(options as TcpNetConnectOpts),
      onread: {
        buffer: Buffer.allocUnsafeSlow(bufferBytes),
        callback: (size, buffer) => {
          socket.emit("data", Buffer.from(buffer.buffer, buffer.byteOffset, size));
          return true;
        },
      },
    });
    return socket;
  }
}
