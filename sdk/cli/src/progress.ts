import type { Terminal } from "./terminal.ts";

const barWidth = 24;
const redrawMs = 100;

export interface Progress {
  /** `done` of `total`; a total of null is not known. */
  update(done: number, total: number | null, text: string): void;
  /** Ends the line with these words. */
  end(text: string): void;
}

/** A bar on a screen; elsewhere, a line for each tenth. */
export function startProgress(terminal: Terminal, label: string): Progress {
  return terminal.isTerminal ? drawBar(terminal, label) : writeLines(terminal, label);
}

function drawBar(terminal: Terminal, label: string): Progress {
  let lastMs = 0;
  return {
    update(done, total, text) {
      const nowMs = Date.now();
      if (nowMs - lastMs < redrawMs && done !== total) return;
      lastMs = nowMs;
      const share = shareOf(done, total);
      const filled = Math.round((share ?? 0) * barWidth);
      const bar = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)}`;
      const percent = share === null ? "" : ` ${String(Math.floor(share * 100)).padStart(3)} %`;
      terminal.err(`\r\x1b[K${label} ${share === null ? "" : bar}${percent} ${text}`);
    },
    end(text) {
      terminal.err(`\r\x1b[K${label} ${text}\n`);
    },
  };
}

function writeLines(terminal: Terminal, label: string): Progress {
  let lastTenth = 0;
  return {
    update(done, total, text) {
      const share = shareOf(done, total);
      const tenth = share === null ? 0 : Math.floor(share * 10);
      if (tenth <= lastTenth) return;
      lastTenth = tenth;
      terminal.err(`${label} ${tenth * 10} % ${text}\n`);
    },
    end(text) {
      terminal.err(`${label} ${text}\n`);
    },
  };
}

function shareOf(done: number, total: number | null): number | null {
  if (total === null) return null;
  return total === 0 ? 1 : Math.min(1, done / total);
}

export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1_000 ** power;
  return `${amount.toFixed(power === 0 || amount >= 100 ? 0 : 1)} ${units[power]}`;
}

export const formatCount = (count: number) => count.toLocaleString("en-US");
