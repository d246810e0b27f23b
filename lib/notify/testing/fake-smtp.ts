import type { Socket } from "node:net";
import { createServer } from "node:net";

export interface FakeSmtp {
  port: number;
  /** The mails that were taken, as they came. */
  mails: string[];
  close(): Promise<void>;
}

export interface SmtpManners {
  /** What it answers once a mail was sent whole; null: it closes the connection without a word. */
  afterData?: string | null;
  /** What it answers to a recipient. */
  toRecipient?: string;
  /** What it answers to a sign-in; it offers one where this is set. */
  toAuth?: string;
}

/** A mail server that takes mail in the clear, as far as a client asks of it. */
export async function startFakeSmtp(manners: SmtpManners = {}): Promise<FakeSmtp> {
  const mails: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket, manners, (mail) => mails.push(mail));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    mails,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(socket: Socket, manners: SmtpManners, take: (mail: string) => void): void {
  const { afterData = "250 2.0.0 queued", toRecipient = "250 ok", toAuth } = manners;
  let buffered = "";
  let isData = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  say("220 fake");
  socket.on("data", (chunk) => {
    buffered += chunk.toString("utf8");
    for (;;) {
      const end = buffered.indexOf(isData ? "\r\n.\r\n" : "\r\n");
      if (end === -1) return;
      const text = buffered.slice(0, end);
      buffered = buffered.slice(end + (isData ? 5 : 2));
      if (isData) {
        isData = false;
        if (afterData === null) return void socket.destroy();
        take(text);
        say(afterData);
      } else answer(text.toUpperCase());
    }
  });

  function answer(command: string): void {
    if (command.startsWith("EHLO"))
      say(toAuth === undefined ? "250 fake" : "250-fake\r\n250 AUTH PLAIN");
    else if (command.startsWith("AUTH")) say(toAuth ?? "502 no");
    else if (command.startsWith("MAIL")) say("250 ok");
    else if (command.startsWith("RCPT")) say(toRecipient);
    else if (command === "DATA") {
      isData = true;
      say("354 go on");
    } else if (command === "QUIT") say("221 bye");
    else say("502 unknown");
  }
}
