/** A file on its way to the server, with how far it has come. By XMLHttpRequest, which alone tells. */

import { type Attachment, refusal } from "./api.js";

export interface Underway {
  /** Rejects with `ApiError`. */
  done: Promise<Attachment>;
  abort: () => void;
}

/** `told` hears the share that has arrived, from 0 to 1. */
export function upload(url: string, token: string, file: File, told: (share: number) => void): Underway {
  const request = new XMLHttpRequest();
  const done = new Promise<Attachment>((resolve, reject) => {
    const form = new FormData();
    form.append("source", file, file.name);
    request.open("POST", url);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.responseType = "json";
    request.upload.onprogress = (event) => told(event.total ? event.loaded / event.total : 0);
    request.onload = () => {
      const body: unknown = request.response;
      if (request.status === 201) resolve((body as { attachment: Attachment }).attachment);
      else reject(refusal(request.status, body, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () => reject(refusal(0, null, null));
    request.onabort = () => reject(refusal(0, null, null));
    request.send(form);
  });
  return { done, abort: () => request.abort() };
}
