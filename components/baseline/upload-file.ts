"use client";

import { uploadBaselineOutput } from "#lib/api/baseline.ts";
import { problemSchema, RequestError } from "#lib/api/request.ts";

export interface UploadOptions {
  url: string;
  file: Blob;
  signal: AbortSignal;
  onProgress: (sentBytes: number) => void;
}

/** Sends a file and says how far it is; `fetch` tells nothing of an upload's progress. */
export function uploadFile({ url, file, signal, onProgress }: UploadOptions) {
  return new Promise<{ baselineId: string }>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onerror = () => reject(new TypeError("The connection broke while the file was sent."));
    request.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        const parsed = uploadBaselineOutput.safeParse(request.response);
        if (parsed.success) resolve(parsed.data);
        else reject(new Error("The server's answer was not as agreed."));
        return;
      }
      const problem = problemSchema.safeParse(request.response);
      reject(
        new RequestError(
          problem.data ?? {
            type: "about:blank",
            title: request.statusText,
            status: request.status,
            code: "unavailable",
            detail: `The server answered ${request.status} without saying why.`,
          },
        ),
      );
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}
