const quietMs = 1_000;
const everyMs = 5_000;

/** How far long work is, for who watches a terminal: nothing of work that is done within a second, then what was noted last,
 *  and again every few seconds, changed or not, so that it is seen to go on. */
export function sayAtPace(say: (line: string) => void): {
  note(line: string): void;
  stop(): void;
} {
  let last = "";
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    say(last);
    timer = setTimeout(tell, everyMs);
  };
  return {
    note(line) {
      last = line;
      timer ??= setTimeout(tell, quietMs);
    },
    stop: () => clearTimeout(timer),
  };
}
