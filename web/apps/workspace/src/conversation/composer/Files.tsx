/** The files that go with what is written: those that are on their way, and those that the server has. */

import { bytes } from "@causerie/client/words";
import { FileText, ImageIcon, RotateCw, X } from "lucide-react";
import { useLanguage } from "../../texts/language.js";
import type { Texts } from "../../texts/index.js";
import { IconButton } from "../../ui/index.js";
import type { DraftFile } from "./drafts.js";
import { MAX_FILE_BYTES, type Upload, type Uploads } from "./uploads.js";

interface Props {
  files: readonly DraftFile[];
  underway: readonly Upload[];
  uploads: Uploads;
  drop: (at: number) => void;
}

export function Files({ files, underway, uploads, drop }: Props) {
  const { language, texts } = useLanguage();
  if (files.length + underway.length === 0) return null;
  return (
    <ul className="talk-files" aria-label={texts.talkFiles}>
      {files.map((file, at) => (
        <li key={file.mediaUrl}>
          {file.mediaType.startsWith("image/") ? <ImageIcon size={16} aria-hidden /> : <FileText size={16} aria-hidden />}
          <span dir="auto">{file.name}</span>
          <small>{bytes(language, file.size)}</small>
          <IconButton label={texts.talkRemoveFile(file.name)} className="small" onPress={() => drop(at)}>
            <X size={13} aria-hidden />
          </IconButton>
        </li>
      ))}
      {underway.map((one) => (
        <li key={one.id} data-failed={one.error !== null || undefined}>
          <FileText size={16} aria-hidden />
          <span dir="auto">{one.name}</span>
          {one.error === null ? (
            <progress max={1} value={one.share} aria-label={texts.talkUploading(one.name)} />
          ) : (
            <small role="alert">{failure(texts, one)}</small>
          )}
          {one.error !== null && one.error !== "too_large" && (
            <IconButton label={texts.talkRetry} className="small" onPress={() => uploads.retry(one.id)}>
              <RotateCw size={13} aria-hidden />
            </IconButton>
          )}
          <IconButton label={texts.talkRemoveFile(one.name)} className="small" onPress={() => uploads.drop(one.id)}>
            <X size={13} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

function failure(texts: Texts, { error }: Upload): string {
  return error === "too_large" || error === "payload_too_large" ? texts.talkFileTooLarge(MAX_FILE_BYTES / 1_000_000) : texts.talkFileFailed;
}
