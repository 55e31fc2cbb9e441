/** Files on their way to the server, with how far they have come. When the server has one it is a part of the draft. */

import { Store, upload } from "@causerie/client";
import type { DraftFile } from "./drafts.js";

export interface Upload {
  id: string;
  name: string;
  size: number;
  /** From 0 to 1. */
  share: number;
  /** Why it could not be sent. */
  error: string | null;
}

export const MAX_FILE_BYTES = 50_000_000;
export const MAX_FILES = 10;

let drawn = 0;

export class Uploads {
  readonly all = new Store<readonly Upload[]>([]);
  /** The session's, as it is now. */
  token = "";
  private readonly work = new Map<string, { file: File; abort: () => void }>();

  constructor(
    private readonly conversation: string,
    private readonly done: (file: DraftFile) => void,
  ) {}

  add(file: File): void {
    const id = `upload-${++drawn}`;
    const error = file.size > MAX_FILE_BYTES ? "too_large" : null;
    this.all.set([...this.all.get(), { id, name: file.name, size: file.size, share: 0, error }]);
    this.work.set(id, { file, abort: () => undefined });
    if (error === null) void this.run(id);
  }

  retry(id: string): void {
    this.change(id, { error: null, share: 0 });
    void this.run(id);
  }

  drop(id: string): void {
    this.work.get(id)?.abort();
    this.work.delete(id);
    this.all.set(this.all.get().filter((one) => one.id !== id));
  }

  private async run(id: string): Promise<void> {
    const found = this.work.get(id);
    if (found === undefined) return;
    const url = `/agent/v1/attachments?for=message&conversationId=${encodeURIComponent(this.conversation)}`;
    const underway = upload(url, this.token, found.file, (share) => this.change(id, { share }));
    this.work.set(id, { file: found.file, abort: underway.abort });
    try {
      const { mediaUrl, mediaType } = await underway.done;
      if (!this.work.has(id)) return;
      this.done({ mediaUrl, mediaType, name: found.file.name, size: found.file.size, at: Date.now() });
      this.drop(id);
    } catch (error) {
      this.change(id, { error: (error as { code?: string }).code ?? "unknown" });
    }
  }

  private change(id: string, by: Partial<Upload>): void {
    this.all.set(this.all.get().map((one) => (one.id === id ? { ...one, ...by } : one)));
  }
}
