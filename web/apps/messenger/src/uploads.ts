/** Files on their way to the server, with how far they have come. A file becomes a message when the server has it. */

import { type Attachment, refusal, type Client, Store } from "@causerie/client";

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
    const upload = { id, conversation, name: file.name, size: file.size, type: file.type, preview, share: 0, error: null };
    this.all.set([...this.all.get(), upload]);
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
      const attachment = await this.post(id, found.file, await this.client.identity.token());
      const upload = this.all.get().find((one) => one.id === id);
      if (upload === undefined) return;
      this.done(upload, attachment);
      this.drop(id);
    } catch (error) {
      this.change(id, { error: (error as { code?: string }).code ?? "unknown" });
    }
  }

  /** By XMLHttpRequest, which alone tells how far it is. */
  private post(id: string, file: File, token: string): Promise<Attachment> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("source", file, file.name);
      request.open("POST", `${this.base}/messaging/v1/attachments`);
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      request.responseType = "json";
      request.upload.onprogress = (event) => this.change(id, { share: event.total ? event.loaded / event.total : 0 });
      request.onload = () => {
        const body: unknown = request.response;
        if (request.status === 201) resolve((body as { attachment: Attachment }).attachment);
        else reject(refusal(request.status, body, request.getResponseHeader("Retry-After")));
      };
      request.onerror = () => reject(refusal(0, null, null));
      request.onabort = () => reject(refusal(0, null, null));
      this.work.set(id, { file, abort: () => request.abort() });
      request.send(form);
    });
  }

  private change(id: string, by: Partial<Upload>): void {
    this.all.set(this.all.get().map((one) => (one.id === id ? { ...one, ...by } : one)));
  }
}
