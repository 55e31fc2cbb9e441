/** Files on their way to the server, with how far they have come. A file becomes a message when the server has it. */

import { type Attachment, type Client, Store, upload } from "@causerie/client";

export interface Upload {
  id: string;
  conversation: string | null;
  name: string;
  size: number;
  type: string;
  /** A picture of it, while it is here. */
  preview: string | null;
  /** From 0 to 1. */
  share: number;
  error: string | null;
}

let number = 0;

export class Uploads {
  readonly all = new Store<readonly Upload[]>([]);
  private readonly work = new Map<string, { file: File; abort: () => void }>();

  constructor(
    private readonly client: Client,
    private readonly base: string,
    private readonly done: (upload: Upload, attachment: Attachment) => void,
  ) {}

  /** Begin to send a file. */
  add(conversation: string | null, file: File): void {
    const id = `upload-${++number}`;
    const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
    const added = { id, conversation, name: file.name, size: file.size, type: file.type, preview, share: 0, error: null };
    this.all.set([...this.all.get(), added]);
    this.work.set(id, { file, abort: () => {} });
    void this.run(id);
  }

  retry(id: string): void {
    this.change(id, { error: null, share: 0 });
    void this.run(id);
  }

  drop(id: string): void {
    this.work.get(id)?.abort();
    this.work.delete(id);
    const gone = this.all.get().find((one) => one.id === id);
    if (gone?.preview) URL.revokeObjectURL(gone.preview);
    this.all.set(this.all.get().filter((one) => one.id !== id));
  }

  private async run(id: string): Promise<void> {
    const found = this.work.get(id);
    if (found === undefined) return;
    try {
      const token = await this.client.identity.token();
      const work = upload(`${this.base}/messaging/v1/attachments`, token, found.file, (share) => this.change(id, { share }));
      this.work.set(id, { file: found.file, abort: work.abort });
      const attachment = await work.done;
      const sent = this.all.get().find((one) => one.id === id);
      if (sent === undefined) return;
      this.done(sent, attachment);
      this.drop(id);
    } catch (error) {
      this.change(id, { error: (error as { code?: string }).code ?? "unknown" });
    }
  }

  private change(id: string, by: Partial<Upload>): void {
    this.all.set(this.all.get().map((one) => (one.id === id ? { ...one, ...by } : one)));
  }
}
