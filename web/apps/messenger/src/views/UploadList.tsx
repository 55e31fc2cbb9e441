/** Files on their way. */

import type { JSX } from "preact";
import { useMessenger, useTexts } from "../hooks.js";
import type { Upload } from "../uploads.js";
import { Icon } from "./Icons.js";

export function UploadList({ uploads }: { uploads: readonly Upload[] }): JSX.Element | null {
  const here = useMessenger().here();
  const mine = uploads.filter((one) => one.conversation === here || one.conversation === null);
  if (mine.length === 0) return null;
  return (
    <ul class="uploads">
      {mine.map((one) => (
        <Row key={one.id} upload={one} />
      ))}
    </ul>
  );
}

function Row({ upload }: { upload: Upload }): JSX.Element {
  const { uploads } = useMessenger();
  const texts = useTexts();
  const percent = Math.round(upload.share * 100);
  return (
    <li class={`upload ${upload.error === null ? "" : "failed"}`}>
      {upload.preview !== null ? <img src={upload.preview} alt="" /> : <Icon name="file" />}
      <span class="upload-words">
        <span class="file-name" dir="auto">
          {upload.name}
        </span>
        {upload.error === null ? (
          <progress max={100} value={percent} aria-label={texts.uploading(upload.name, percent)} />
        ) : (
          <span class="field-error" role="alert">
            {texts.uploadFailed}
          </span>
        )}
      </span>
      {upload.error !== null && (
        <button type="button" class="tool" onClick={() => uploads.retry(upload.id)} aria-label={texts.retry}>
          <Icon name="retry" size={18} />
        </button>
      )}
      <button type="button" class="tool" onClick={() => uploads.drop(upload.id)} aria-label={texts.cancel}>
        <Icon name="close" size={18} />
      </button>
    </li>
  );
}
